import { render } from 'preact';
import { App } from './app.tsx';

const root = document.getElementById('console');
if (root === null) throw new Error('index.html has no place for the console');
render(<App />, root);
