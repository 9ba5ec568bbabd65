import { CATALOGUE } from '../shop/catalogue.ts';
import { explainError } from '../shop/explain-error.ts';
import { LineIcon } from '../ui/line-icon.tsx';
import type { Ticket } from './use-ticket.ts';

/** The ticket: all its lines on a tablet, a bar above the thumb on a phone. */
export function TicketPanel({ ticket }: Readonly<{ ticket: Ticket }>) {
  const { total, error, isLocked, isSending } = ticket;
  const isUnsettled = isLocked && !isSending;
  return (
    <section className="ticket" aria-label="Ticket">
      <div className="ticket-head">
        <h2>Ticket</h2>
        <button type="button" className="quiet" disabled={total === 0 || isLocked} onClick={ticket.clear}>
          Clear
        </button>
      </div>
      <TicketLines ticket={ticket} />
      <TicketProblem ticket={ticket} />
      <button
        type="button"
        className="button primary sell"
        disabled={total === 0 || isSending || (error !== null && !isUnsettled)}
        onClick={() => void ticket.sell()}
      >
        {isUnsettled ? 'Try again' : total === 0 ? 'Sell' : `Sell ${total}`}
      </button>
    </section>
  );
}

function TicketLines({ ticket }: Readonly<{ ticket: Ticket }>) {
  const chosen = CATALOGUE.filter(({ variantId }) => ticket.quantities.has(variantId));
  if (chosen.length === 0) return <p className="ticket-empty">Tap what the customer buys.</p>;
  return (
    <ul className="ticket-lines">
      {chosen.map(variant => (
        <li key={variant.variantId}>
          <span className="ticket-name">
            {variant.name} <small>{variant.detail}</small>
          </span>
          <span className="stepper">
            <button
              type="button"
              disabled={ticket.isLocked}
              aria-label={`Less ${variant.name}, ${variant.detail}`}
              onClick={() => ticket.change(variant, -1)}
            >
              <LineIcon name="minus" />
            </button>
            <output>{ticket.quantities.get(variant.variantId)}</output>
            <button
              type="button"
              disabled={ticket.isLocked}
              aria-label={`More ${variant.name}, ${variant.detail}`}
              onClick={() => ticket.change(variant, 1)}
            >
              <LineIcon name="plus" />
            </button>
          </span>
        </li>
      ))}
    </ul>
  );
}

function TicketProblem({ ticket }: Readonly<{ ticket: Ticket }>) {
  if (ticket.error === null) return null;
  const { title, details } = explainError(ticket.error);
  return (
    <div className="problem" role="alert">
      <strong>{title}</strong>
      {details.map(detail => (
        <span key={detail}>{detail}</span>
      ))}
      {ticket.error.kind === 'StockInsufficient' && (
        <button type="button" className="button" onClick={ticket.fit}>
          Take what is there
        </button>
      )}
    </div>
  );
}
