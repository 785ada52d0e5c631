package org.fazaa.web;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/** Everybody is asked at once, as no policy of ours would; the answers must bear it. */
final class PlantedOffers {

  /** Somebody who has got an offer with this code. */
  record Asked(String phone, String code) {}

  private PlantedOffers() {}

  /** This many people, shared among needs for so many each; their texts have left. */
  static List<Asked> plant(Pool superuser, int many, int places) {
    superuser.query(CRISIS).execute().await();
    superuser.preparedQuery(PEOPLE).execute(Tuple.of(many)).await();
    var needs = Math.max(1, many / Math.max(1, Math.min(many, 500)));
    for (int i = 0; i < needs; i++) {
      superuser.preparedQuery(NEED).execute(Tuple.of(i, places)).await();
    }
    var asked = new ArrayList<Asked>();
    for (var row : superuser.preparedQuery(OFFERS).execute().await()) {
      asked.add(new Asked(row.getString("phone"), row.getString("code")));
    }
    superuser.query("ANALYZE").execute().await();
    return asked;
  }

  private static final String CRISIS =
      """
      WITH appointed AS (
        INSERT INTO dispatch.staff (account, name, appointed_at) VALUES (1, 'Huda', now())
        RETURNING account)
      INSERT INTO dispatch.crisis (name_ar, name_en, kind, mode, country, zone, area, opened_by,
        opened_at)
      SELECT 'سيول', 'Flood', 'flood', 'live', 'SA', 'Asia/Riyadh',
        '{"center": [39.2, 21.5], "radius_m": 25000}', account, now()
      FROM appointed
      """;

  private static final String PEOPLE =
      """
      INSERT INTO dispatch.volunteer (name, phone, language, languages, skills, lon, lat,
        contact_at, registered_at, consented_at)
      SELECT 'V' || i, '+9665' || lpad(i::text, 8, '0'), 'ar', '{ar}', '{}', 39.2, 21.5,
        now(), now(), now()
      FROM generate_series(1, $1::int) i
      """;

  private static final String NEED =
      """
      INSERT INTO dispatch.need (crisis, title_ar, title_en, skills, languages, people, lon, lat,
        starts_at, ends_at, fill_by, priority, opened_by, opened_at)
      SELECT c.id, 'حاجة ' || $1::int, 'Need ' || $1::int, '{}', '{}', $2, 39.2, 21.5,
        now() + '1 h', now() + '5 h', now() + '1 h', 'urgent', c.opened_by, now()
      FROM dispatch.crisis c LIMIT 1
      """;

  private static final String OFFERS =
      """
      WITH made AS (
        INSERT INTO dispatch.offer (need, volunteer, entered_by, code, life, simulated, state,
          asked_at, valid_until, changed_at, km, rate, useful, gain, price, rarer, recent,
          said_yes, said_no)
        SELECT n.id, v.id, n.opened_by,
          'P' || chr(50 + (v.id % 8)::int) || chr(65 + ((v.id / 8) % 8)::int) || '7', false,
          false, 'open', now(), now() + '3 h', now(), 1, 0.5, 1, 1, 1, 0, 0, 0, 0
        FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS at FROM dispatch.volunteer) v
        JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS at FROM dispatch.need) n
          ON n.at = v.at % (SELECT count(*) FROM dispatch.need)
        ORDER BY v.id
        RETURNING id, volunteer, code
      ), texts AS (
        INSERT INTO notify.text (to_phone, language, message_class, purpose, about, code, body,
          segments, answerable, priority, valid_until, created_at, state, state_at, due_at, posts)
        SELECT v.phone, 'ar', 'service', 'dispatch', m.id::text, m.code, 'offer', 1, true, 60,
          now() + '3 h', now(), 'sent', now(), now(), 1
        FROM made m JOIN dispatch.volunteer v ON v.id = m.volunteer
      )
      SELECT v.phone, m.code FROM made m JOIN dispatch.volunteer v ON v.id = m.volunteer
      ORDER BY m.id
      """;
}
