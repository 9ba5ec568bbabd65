// What Vite makes of a file that is imported.
declare module '*.svg?no-inline' {
  const address: string;
  export default address;
}
