/** The official client has no types. */
declare module 'kavenegar' {
  type Method = (
    parameters: object,
    callback: (entries: unknown, status: number, message: string) => void,
  ) => void;

  type Name =
    | 'Send'
    | 'SendArray'
    | 'Status'
    | 'StatusLocalMessageid'
    | 'Select'
    | 'SelectOutbox'
    | 'LatestOutbox'
    | 'CountOutbox'
    | 'Cancel'
    | 'Receive'
    | 'CountInbox'
    | 'CountPostalCode'
    | 'SendByPostalCode'
    | 'VerifyLookup'
    | 'AccountInfo'
    | 'AccountConfig'
    | 'CallMakeTTS';

  const client: { KavenegarApi(options: { apikey: string }): Record<Name, Method> };
  export = client;
}
