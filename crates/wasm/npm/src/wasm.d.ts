/** The address of the file, as bundlers give it. */
declare const file: string;
export default file;
