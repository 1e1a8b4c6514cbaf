/** The newest messages show how they go. */
const MOST_RECENT = 20_000;
/** A call has up to a thousand messages, and may have one. */
const MOST_CALLS = 2_000;

/** In SQL: whether the provider took the message of an attempt, and does not say that it failed. */
export const TAKEN = `status = 'accepted' AND coalesce(delivery, '') NOT IN ('failed', 'undelivered')`;

/** In SQL: of how many messages of a call `b` of a campaign that is so. What was given back is in no call any more. */
export const TAKEN_OF_CALL = `(SELECT count(*) FROM campaign_recipients r
  WHERE r.batch_id = b.id AND r.status IN ('accepted', 'delivered'))`;

const outcomesOf = (counted: string) => `coalesce((
  SELECT jsonb_agg(jsonb_build_object('by', provider, 'tried', tried, 'succeeded', succeeded) ORDER BY provider)
  FROM (${counted}) AS s), '[]')`;

/** In SQL: what became of the single messages since `$1`, by provider. */
export const RECENT_SMS = outcomesOf(`
  SELECT provider, count(*) AS tried, count(*) FILTER (WHERE ${TAKEN}) AS succeeded
  FROM (SELECT provider, status, delivery FROM sms_attempts
    WHERE started_at >= $1 AND status <> 'sending' ORDER BY started_at DESC LIMIT ${MOST_RECENT}) AS recent
  GROUP BY 1`);

/** In SQL: what became of the messages of campaigns since `$1`, by provider. */
export const RECENT_CAMPAIGNS = outcomesOf(`
  SELECT provider, sum(size) AS tried, sum(${TAKEN_OF_CALL}) AS succeeded
  FROM (
    SELECT id, provider, size, sum(size) OVER (ORDER BY called_at DESC, id) - size AS newer
    FROM (SELECT id, provider, size, called_at FROM campaign_batches
      WHERE called_at >= $1 AND status <> 'sending' ORDER BY called_at DESC LIMIT ${MOST_CALLS}) AS recent
  ) AS b WHERE newer < ${MOST_RECENT}
  GROUP BY 1`);
