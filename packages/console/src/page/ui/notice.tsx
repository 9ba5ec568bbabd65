import type { Explanation } from '../api/explain.ts';

type NoticeProps = Explanation & Readonly<{ onRetry?: (() => void) | undefined }>;

/** Something went wrong: what, and what to do about it. */
export function Notice({ title, advice, onRetry }: NoticeProps) {
  return (
    <div class="notice" role="alert">
      <p>
        <strong>{title}.</strong> {advice}
      </p>
      {onRetry !== undefined && (
        <button type="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
