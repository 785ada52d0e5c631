package org.fazaa.fund.spending;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.Content;
import org.fazaa.fund.ledger.Flaw;
import org.fazaa.fund.ledger.Flaws;
import org.fazaa.fund.ledger.Fund;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Funds;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Officer;
import org.fazaa.fund.ledger.Officer.Office;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;

/** Opens a programme: a benefit of a fund for people, so much in each period. */
public final class OpenProgramme {
  private static final int NAME_MAX = 200;
  private static final int PERIODS_MAX = 120;

  /**
   * @param key made by the caller before the first attempt, unique among callers
   * @param initiative whose budget it is to be paid from
   */
  public record Draft(
      String key,
      FundId fund,
      Optional<Long> initiative,
      Words name,
      Money benefit,
      LocalDate startsOn,
      Programme.Every every,
      int periods,
      long by) {}

  public sealed interface Outcome {
    record Opened(long programme) implements Outcome {}

    record AlreadyOpened(long programme) implements Outcome {}

    record DiffersFromFirst() implements Outcome, Refusal {
      @Override
      public Words words() {
        return Said.KEY_USED;
      }
    }

    record NoSuchFund(FundId fund) implements Outcome, Refusal {
      @Override
      public Words words() {
        return Said.noSuchFund(fund);
      }
    }

    record NoSuchInitiative(long initiative) implements Outcome, Refusal {
      @Override
      public Words words() {
        return Said.noSuchInitiative(initiative);
      }
    }

    record NotRequester() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "البرامج يفتحها طالب الصرف: اطلب ذلك منه",
            "Requesters open programmes: ask one of them");
      }
    }

    record Invalid(List<Flaw> flaws) implements Outcome, Refusal.Invalid {}
  }

  private OpenProgramme() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    var fund = Funds.find(tx, draft.fund());
    if (fund.isEmpty()) {
      return new Outcome.NoSuchFund(draft.fund());
    }
    var flaws = flaws(fund.get(), draft);
    if (!flaws.isEmpty()) {
      return new Outcome.Invalid(flaws);
    }
    var since = Officer.since(tx, draft.by(), Office.REQUESTER, now);
    if (since.isEmpty()) {
      return new Outcome.NotRequester();
    }
    if (draft.initiative().filter(i -> !Initiatives.in(tx, i, draft.fund())).isPresent()) {
      return new Outcome.NoSuchInitiative(draft.initiative().get());
    }
    return open(tx, draft, since.get(), now);
  }

  static List<Flaw> flaws(Fund fund, Draft draft) {
    return new Flaws()
        .key(draft.key())
        .words("name", draft.name(), NAME_MAX)
        .money("benefit", draft.benefit())
        .unless(
            draft.benefit().currency().equals(fund.currency()),
            "benefit.currency",
            "هذا الصندوق بعملة " + fund.currency() + ": اكتب المبلغ بها",
            "This fund is kept in " + fund.currency() + ": give the amount in it")
        .unless(
            draft.periods() >= 1 && draft.periods() <= PERIODS_MAX,
            "periods",
            "عدد الفترات من 1 إلى " + PERIODS_MAX,
            "There are 1 to " + PERIODS_MAX + " periods")
        .unless(
            draft.every() != Programme.Every.ONCE || draft.periods() == 1,
            "periods",
            "ما يُعطى مرة واحدة له فترة واحدة",
            "What is given once has one period")
        .found();
  }

  private static Outcome open(SqlConnection tx, Draft draft, Instant since, Instant now) {
    var hash =
        Content.hash(
            draft.fund().value(),
            draft.initiative(),
            draft.name(),
            draft.benefit(),
            draft.startsOn(),
            draft.every(),
            draft.periods(),
            draft.by());
    var fields =
        Tuple.of(
            draft.fund().value(),
            draft.initiative().orElse(null),
            draft.name().ar(),
            draft.name().en(),
            draft.benefit().minor(),
            draft.startsOn(),
            draft.every().tag(),
            draft.periods(),
            draft.by(),
            Database.utc(since),
            Database.utc(now),
            draft.key(),
            hash);
    var opened = tx.preparedQuery(OPEN).execute(fields).await();
    if (opened.size() == 1) {
      return new Outcome.Opened(opened.iterator().next().getLong(0));
    }
    var row = tx.preparedQuery(FIND_FIRST).execute(Tuple.of(draft.key())).await().iterator().next();
    return row.getBuffer("request_hash").equals(hash)
        ? new Outcome.AlreadyOpened(row.getLong("id"))
        : new Outcome.DiffersFromFirst();
  }

  private static final String OPEN =
      """
      INSERT INTO fund.programme
        (fund, initiative, name_ar, name_en, minor, starts_on, every, periods, opened_by, since,
         opened_at, idem_key, request_hash)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
      ON CONFLICT (idem_key) DO NOTHING RETURNING id\
      """;

  private static final String FIND_FIRST =
      "SELECT id, request_hash FROM fund.programme WHERE idem_key = $1";
}
