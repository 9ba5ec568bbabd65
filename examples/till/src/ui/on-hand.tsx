const FEW = 3;

/** How many are on the shelf, in words as well as in colour; a dash, as wide, until it has been read. */
export function OnHand({ value }: Readonly<{ value: number | null }>) {
  if (value === null) return <span className="on-hand">–</span>;
  if (value <= 0) return <span className="on-hand out">{value === 0 ? 'None left' : value}</span>;
  return <span className={value <= FEW ? 'on-hand few' : 'on-hand'}>{value} left</span>;
}
