type PagerProps = Readonly<{
  /** What this page holds. */
  label: string;
  back: Readonly<{ name: string; go: (() => void) | null }>;
  on: Readonly<{ name: string; go: (() => void) | null }>;
}>;

/** Leafs through pages; there is no button that reads everything. */
export function Pager({ label, back, on }: PagerProps) {
  return (
    <footer class="pager">
      <span>{label}</span>
      {[back, on].map(({ name, go }) => (
        <button key={name} type="button" disabled={go === null} onClick={() => go?.()}>
          {name}
        </button>
      ))}
    </footer>
  );
}
