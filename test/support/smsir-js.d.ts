/** The official client has no types. */
declare module 'smsir-js' {
  interface Response {
    readonly status: number;
    readonly data: { readonly status: number; readonly message: string; readonly data: unknown };
  }

  interface Paging {
    (pageSize?: number, pageNumber?: number): Promise<Response>;
  }

  interface PagingOfDays {
    (
      fromDate?: number | null,
      toDate?: number | null,
      pageSize?: number,
      pageNumber?: number,
    ): Promise<Response>;
  }

  export class Smsir {
    constructor(apikey: string, linenumber: number);
    SendBulk(text: string, mobiles: string[], sendDateTime?: number | null): Promise<Response>;
    SendLikeToLike(texts: string[], mobiles: string[], sendDateTime?: number | null): Promise<Response>;
    deleteScheduled(packId: string): Promise<Response>;
    SendVerifyCode(
      mobile: string,
      templateId: number,
      parameters: { name: string; value: string }[],
    ): Promise<Response>;
    ReportMessage(messageId: number): Promise<Response>;
    ReportPack(packId: string): Promise<Response>;
    ReportToday: Paging;
    ReportArchived: PagingOfDays;
    ReportLatestReceived(count?: number): Promise<Response>;
    ReportTodayReceived: Paging;
    ReportArchivedReceived: PagingOfDays;
    getCredit(): Promise<Response>;
    getLineNumbers(): Promise<Response>;
  }
}
