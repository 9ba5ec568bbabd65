import 'fake-indexeddb/auto';
import { describeFaults } from './faults.ts';

describeFaults();
