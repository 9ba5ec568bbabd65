import { type ExecuteError, type Ledger, QUANTITY_MAX, type RecordMovementsInput } from '@stockfold/core';
import { type FormEvent, useId, useState } from 'react';
import { explainError } from '../shop/explain-error.ts';
import { undoableOf, useRecording } from '../ui/use-recording.ts';

type AmountFormProps = Readonly<{
  ledger: Ledger;
  title: string;
  label: string;
  /** The least that can be typed in. */
  least: number;
  amount: number | null;
  onAmount: (amount: number | null) => void;
  /** What will come of it; its line is there even when it is empty. */
  hint: string | null;
  /** Null when there is nothing to record. */
  command: (() => RecordMovementsInput) | null;
  /** What is said when it was recorded. */
  told: string;
}>;

/** One number, and one command made of it. */
export function AmountForm(props: AmountFormProps) {
  const { ledger, title, label, least, amount, onAmount, hint, command, told } = props;
  const { announce } = useRecording(ledger);
  const id = useId();
  const [error, setError] = useState<ExecuteError | null>(null);
  // Sent again as it is while nobody knows whether it was recorded.
  const [unsettled, setUnsettled] = useState<RecordMovementsInput | null>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const sent = unsettled ?? command?.();
    if (sent === undefined || amount === null) return;
    const result = await ledger.execute(sent);
    setUnsettled(result.isErr() && result.error.retry === 'same-command' ? sent : null);
    setError(result.isErr() ? result.error : null);
    if (result.isErr()) return;
    onAmount(null);
    announce(told, undoableOf(sent));
  };
  const change = (text: string) => {
    setError(null);
    onAmount(/^\d+$/.test(text) ? Math.min(Number(text), QUANTITY_MAX) : null);
  };
  const explained = error === null ? null : explainError(error);
  return (
    <form className="amount" onSubmit={event => void submit(event)}>
      <label htmlFor={id}>{label}</label>
      <div className="amount-row">
        <input
          id={id}
          inputMode="numeric"
          autoComplete="off"
          placeholder="0"
          value={amount ?? ''}
          disabled={unsettled !== null}
          onChange={event => change(event.target.value)}
        />
        <button
          type="submit"
          className="button"
          disabled={amount === null || amount < least || (command === null && unsettled === null)}
        >
          {unsettled === null ? title : 'Try again'}
        </button>
      </div>
      <p className={explained === null ? 'hint' : 'hint wrong'} role={explained === null ? undefined : 'alert'}>
        {explained === null ? hint : [explained.title, ...explained.details].join('. ')}
      </p>
    </form>
  );
}
