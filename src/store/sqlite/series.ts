import type { Series, SeriesPoint } from '../series.ts'
import type { Connection } from './connection.ts'

export function createSeries(connection: Connection): Series {
  return {
    read: (batchId, range = {}) =>
      connection.read(() => {
        const sql = `select s.bucket_ms as bucketMs, s.dependency, s.outcome, s.count from series s join batches b on b.no = s.batch
          where b.id = ? and s.bucket_ms >= ? and s.bucket_ms <= ? order by s.bucket_ms, s.dependency, s.outcome`
        const rows = connection.statement(sql).all(batchId, range.fromMs ?? 0, range.toMs ?? Number.MAX_SAFE_INTEGER)
        return rows.map((row) => ({ ...row }) as unknown as SeriesPoint)
      }),
  }
}

/** Adds to the buckets, within the transaction of the outcomes that they count. */
export function addToSeries(connection: Connection, batch: number, points: readonly SeriesPoint[]): void {
  const upsert =
    connection.statement(`insert into series (batch, bucket_ms, dependency, outcome, count) values (?, ?, ?, ?, ?)
    on conflict do update set count = count + excluded.count`)
  for (const point of points) upsert.run(batch, point.bucketMs, point.dependency, point.outcome, point.count)
}
