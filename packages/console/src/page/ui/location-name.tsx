import type { Location } from '@stockfold/core';

/** A location by its name, in the colour of its type. */
export function LocationName({ location }: Readonly<{ location: Location }>) {
  return (
    <span class={`location type-${location.type}`} title={`${location.type} ${location.id}`}>
      {location.name}
    </span>
  );
}
