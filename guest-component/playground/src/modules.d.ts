/** Files that Vite takes in as text. */
declare module "*.py?raw" {
  const text: string;
  export default text;
}
