import icon from '../icon.svg?no-inline';

/** The name of the page, with its sign. */
export function Brand() {
  return (
    <h1 class="brand">
      <img src={icon} alt="" width="28" height="28" />
      <span>
        Stockfold <span class="what">console</span>
      </span>
    </h1>
  );
}
