import { createCluster } from '../../packages/testing/test/postgres/cluster.ts';
import { startService } from './src/start-service.ts';

// `node start.ts`: the service on the database that DATABASE_URL names, or on a PostgreSQL of its own, which goes away with
// it. PORT is where it listens; 3000 when absent.

const cluster = process.env.DATABASE_URL === undefined ? await createCluster() : null;
await cluster?.start();
try {
  const service = await startService(process.env.DATABASE_URL ?? cluster?.url ?? '', Number(process.env.PORT ?? 3000));
  console.log(
    `orders at ${service.url}, in ${cluster === null ? 'DATABASE_URL' : 'a PostgreSQL that goes away with it'}`,
  );
  const stop = async () => {
    await service.close();
    await cluster?.remove();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
} catch (error) {
  await cluster?.remove();
  throw error;
}
