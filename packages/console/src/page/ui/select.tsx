type SelectProps = Readonly<{
  label: string;
  value: string;
  options: readonly (readonly [value: string, name: string])[];
  onValue: (value: string) => void;
}>;

/** One of several, with its label before it. */
export function Select({ label, value, options, onValue }: SelectProps) {
  return (
    <label class="select">
      <span>{label}</span>
      <select value={value} onChange={event => onValue(event.currentTarget.value)}>
        {options.map(([option, name]) => (
          <option key={option} value={option}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
