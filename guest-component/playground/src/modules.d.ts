/** Files that Vite takes in as text. */
declare module "*.py?raw" {
  const text: string;
  export default text;
}

/** Style sheets, which it puts on the page. */
declare module "*.css";
