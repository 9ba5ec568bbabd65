import '../../src/worker.ts';
