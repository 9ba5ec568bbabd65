import { type CommandInput, createLedger, parseCommand, parseUuid } from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraries } from '../src/index.ts';
import { hold, SEED } from './seed.ts';

const many = <T>(arbitrary: fc.Arbitrary<T>) => fc.sample(arbitrary, { seed: SEED, numRuns: 300 });

describe('what is drawn', () => {
  it('for any id, is a UUID in lower case', () =>
    hold(
      fc.asyncProperty(arbitraries.id, async id => parseUuid(id)._unsafeUnwrap() === id),
      300,
    ));

  it('for any world and line, is a valid movement of that world', () => {
    const lines = arbitraries.world.chain(world => arbitraries.line(world).map(line => ({ world, line })));
    return hold(
      fc.asyncProperty(lines, async ({ world, line }) => {
        const command = parseCommand(
          { kind: 'RecordMovements', id: world.organizationId, lines: [line] },
          world.locations,
        );
        expect(command._unsafeUnwrap()).toMatchObject({ lines: [line] });
        expect(world.variants).toContainEqual({ productId: line.productId, variantId: line.variantId });
      }),
      300,
    );
  });

  it('as commands, is mostly accepted', async () => {
    const answers: boolean[] = [];
    for (const { world, commands } of many(arbitraries.commands).slice(0, 100)) {
      const ledger = createLedger({ store: createMemoryStore(), organizationId: world.organizationId });
      answers.push(...(await ledger.executeAll(commands)).map(answer => answer.isOk()));
    }
    expect(answers.filter(Boolean).length / answers.length).toBeGreaterThan(0.75);
    expect(answers).toContain(false);
  });

  it('as scarce stock, is mostly too little for all and enough for some', async () => {
    let refused = 0;
    let served = 0;
    for (const { world, policy, stocking, sales } of many(arbitraries.scarceStock).slice(0, 100)) {
      const ledger = createLedger({ store: createMemoryStore(), organizationId: world.organizationId, policy });
      const answers = await ledger.executeAll([stocking, ...sales]);
      expect(answers[0]?.isOk()).toBe(true);
      if (answers.some(answer => answer.isErr())) refused += 1;
      if (answers.slice(1).some(answer => answer.isOk())) served += 1;
    }
    expect(refused).toBeGreaterThan(60);
    expect(served).toBeGreaterThan(40);
  });

  it('for any hostile input, is refused as no command, and changes nothing', () =>
    hold(
      fc.asyncProperty(arbitraries.hostileInput, async input => {
        const ledger = createLedger({ store: createMemoryStore() });
        const answer = await ledger.execute(input as CommandInput);
        expect(answer._unsafeUnwrapErr().kind).toBe('CommandInvalid');
        expect((await ledger.journal())._unsafeUnwrap().items).toEqual([]);
      }),
      2_000,
    ));
});

describe('what is drawn shrinks', () => {
  it('to one short command', () => {
    const { counterexample } = fc.check(
      fc.property(arbitraries.commands, ({ commands }) => commands.every(command => (command.lines ?? []).length < 2)),
      { seed: SEED },
    );
    const [run] = counterexample ?? [];
    expect(run?.commands.map(command => (command.lines ?? []).map(line => line.quantity))).toEqual([[1, 1]]);
    expect(run?.world.variants).toHaveLength(1);
  });

  it('to two sellers and one piece', () => {
    const { counterexample } = fc.check(
      fc.property(
        arbitraries.scarceStock,
        ({ stocking, sales }) => sales.length < 2 || (stocking.lines ?? []).length < 1,
      ),
      { seed: SEED },
    );
    const [scarce] = counterexample ?? [];
    expect(scarce?.sales).toHaveLength(2);
    expect(scarce?.stocking.lines?.map(line => line.quantity)).toEqual([1]);
  });
});
