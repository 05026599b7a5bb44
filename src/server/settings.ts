/** Settings of a server. */
export interface ServerSettings {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  readonly sample: boolean;
  readonly allowedHosts: readonly string[];
  readonly logLevel: string;
}
