export interface PolicyOptions {
  readonly cloud?: "global" | "usgov" | "usgovdod" | "china";
  readonly endpoints?: readonly string[];
  readonly development?: boolean;
}
export declare const CLOUDS: Readonly<Record<"global" | "usgov" | "usgovdod" | "china", readonly [string, string]>>;
export declare function policy(options?: PolicyOptions): string;
export declare function headers(options?: PolicyOptions): Record<string, string>;
export declare function caching(path: string): string;
