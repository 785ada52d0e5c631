package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.crisis.Area;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.News;
import org.fazaa.dispatcher.crisis.OpenNeed;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.crisis.Staff;
import org.fazaa.dispatcher.crisis.Title;
import org.fazaa.dispatcher.people.Flaw;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.SpokenLanguage;
import org.fazaa.notifier.Outbox;

/**
 * A need changes while its call-out runs. More people: standby moves up and the rounds go on. Fewer
 * than have a place: nobody is dropped by the system; those beyond the number are kept as surplus,
 * which a coordinator may release one by one, and no place is given until the number is reached
 * again. Other skills or languages: the envelope approved what was asked before, so the call-out
 * pauses until it is approved anew.
 */
public final class EditNeed {

  /** What changes; what is empty stays. */
  public record Edit(
      Optional<Title> title,
      Optional<Integer> people,
      Optional<Point> place,
      Optional<Instant> startsAt,
      Optional<Instant> endsAt,
      Optional<Priority> priority,
      Optional<Set<Skill>> skills,
      Optional<Set<SpokenLanguage>> languages) {}

  public sealed interface Outcome extends News {
    /**
     * @param need as it is now
     * @param promoted who moved up from standby
     * @param told how many were told of a new time or place
     */
    record Edited(Need need, List<Offer> promoted, int told) implements Outcome {
      @Override
      public List<Fact> facts() {
        return List.of(
            new Fact.NeedChanged(need.crisis().value(), need.id().value()),
            new Fact.OutboxFilled());
      }
    }

    record NoSuchNeed() implements Outcome {}

    record NeedOver() implements Outcome {}

    /** Somebody else edited it since it was shown. */
    record ChangedMeanwhile(int version) implements Outcome {}

    record Incomplete(List<Flaw> flaws) implements Outcome {}
  }

  private EditNeed() {}

  /**
   * @param seen the version that the editor saw, if they say
   */
  public static Outcome run(
      SqlConnection tx, Staff by, NeedId id, Optional<Integer> seen, Edit edit, Instant now) {
    var found = Need.lock(tx, id);
    if (found.isEmpty()) return new Outcome.NoSuchNeed();
    var before = found.get();
    if (TakeOffer.isOver(before, now)) return new Outcome.NeedOver();
    if (seen.isPresent() && seen.get() != before.version()) {
      return new Outcome.ChangedMeanwhile(before.version());
    }
    var draft = draft(before, edit);
    var flaws = OpenNeed.flaws(draft, area(tx, before), now);
    if (!flaws.isEmpty()) return new Outcome.Incomplete(flaws);
    write(tx, by, before, draft, now);
    var after = Need.find(tx, id).orElseThrow();
    var told = tellMoved(tx, before, after, now);
    var promoted = Places.promote(tx, after, now);
    if (after.isFull()) Places.standDownSilent(tx, after, false, now);
    return new Outcome.Edited(Need.find(tx, id).orElseThrow(), promoted, told);
  }

  private static OpenNeed.Draft draft(Need need, Edit edit) {
    return new OpenNeed.Draft(
        edit.title.orElse(need.title()),
        edit.skills.orElse(need.skills()),
        edit.languages.orElse(need.languages()),
        need.proof(),
        need.ageLeast(),
        edit.people.orElse(need.people()),
        edit.place.orElse(need.place()),
        edit.startsAt.orElse(need.startsAt()),
        edit.endsAt.orElse(need.endsAt()),
        edit.priority.orElse(need.priority()));
  }

  private static Area area(SqlConnection tx, Need need) {
    var rows = tx.preparedQuery(FIND_AREA).execute(Tuple.of(need.crisis().value())).await();
    return Area.stored(rows.iterator().next().getJsonObject("area"));
  }

  private static void write(
      SqlConnection tx, Staff by, Need before, OpenNeed.Draft draft, Instant now) {
    var moved = !draft.startsAt().equals(before.startsAt());
    var fillBy =
        moved || draft.priority() != before.priority()
            ? OpenNeed.fillBy(draft.priority(), draft.startsAt(), draft.endsAt(), now)
            : before.fillBy();
    var others =
        !draft.skills().equals(before.skills()) || !draft.languages().equals(before.languages());
    var row =
        Tuple.of(before.id().value(), draft.title().ar(), draft.title().en(), draft.people())
            .addValue(draft.place().lon())
            .addValue(draft.place().lat())
            .addValue(Database.utc(draft.startsAt()))
            .addValue(Database.utc(draft.endsAt()))
            .addValue(Database.utc(fillBy))
            .addValue(draft.priority().word())
            .addValue(Database.utc(now))
            .addValue(Skill.codes(draft.skills()).toArray(String[]::new))
            .addValue(SpokenLanguage.codes(draft.languages()).toArray(String[]::new))
            .addValue(others);
    tx.preparedQuery(UPDATE).execute(row).await();
    var edit =
        Tuple.of(before.id().value(), by.account(), Database.utc(now), before.people())
            .addValue(draft.people())
            .addValue(Math.max(0, before.filled() - draft.people()))
            .addValue("edited");
    tx.preparedQuery(INSERT_EDIT).execute(edit).await();
  }

  // Whoever comes must know of a new time or place.
  private static int tellMoved(SqlConnection tx, Need before, Need after, Instant now) {
    var same =
        before.startsAt().equals(after.startsAt())
            && before.endsAt().equals(after.endsAt())
            && before.place().equals(after.place());
    if (same) return 0;
    var coming = new ArrayList<Offer>();
    for (var row : tx.preparedQuery(FIND_COMING).execute(Tuple.of(after.id().value())).await()) {
      coming.add(Offer.of(row));
    }
    Outbox.put(tx, coming.stream().map(one -> Notice.MOVED.to(one, after, now)).toList(), now);
    Places.refreshBusy(tx, coming.stream().map(Offer::volunteer).toList(), now);
    return coming.size();
  }

  private static final String FIND_AREA = "SELECT area FROM dispatch.crisis WHERE id = $1";

  private static final String UPDATE =
      """
      UPDATE dispatch.need
      SET title_ar = $2, title_en = $3, people = $4, surplus = GREATEST(0, filled - $4),
          lon = $5, lat = $6, starts_at = $7, ends_at = $8, fill_by = $9, priority = $10,
          version = version + 1, skills = $12, languages = $13,
          next_round_at = CASE WHEN state <> 'calling' THEN next_round_at
                               WHEN filled < $4 THEN $11 ELSE $8 END,
          paused_why = CASE WHEN $14 AND state = 'calling' THEN 'rules' ELSE paused_why END,
          state = CASE WHEN $14 AND state = 'calling' THEN 'paused' ELSE state END
      WHERE id = $1
      """;

  private static final String INSERT_EDIT =
      """
      INSERT INTO dispatch.need_edit
        (need, edited_by, edited_at, people_before, people_after, surplus_after, what)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      """;

  private static final String FIND_COMING =
      Offer.SELECT + "WHERE o.need = $1 AND o.state IN ('assigned', 'standby') ORDER BY o.id";
}
