/** Vite puts what is imported like this into the page's one style sheet. */
declare module '*.css';
