package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.fazaa.dispatcher.callout.Decisions.Decision;
import org.fazaa.dispatcher.callout.Policy.Ask;
import org.fazaa.dispatcher.callout.Policy.Board;
import org.fazaa.dispatcher.callout.Policy.Plan;
import org.fazaa.dispatcher.callout.Policy.Verdict;
import org.fazaa.dispatcher.crisis.Title;

/** A round as it was stored, to be held against what its policy decides now. */
final class Compared {
  private final Rounds.Stored round;
  private final List<Decision> decisions;
  private final Map<Person, Row> offers = new LinkedHashMap<>();
  private final Map<Person, String> missed = new LinkedHashMap<>();
  private final List<Title> differences = new ArrayList<>();

  /** Somebody for a need. */
  private record Person(long need, long volunteer) {
    Person(Ask ask) {
      this(ask.need().value(), ask.option().volunteer().value());
    }

    @Override
    public String toString() {
      return "need " + need + " volunteer " + volunteer;
    }
  }

  Compared(SqlClient conn, Rounds.Stored round, List<Decision> decisions) {
    this.round = round;
    this.decisions = decisions;
    for (var row : conn.preparedQuery(OFFERS).execute(Tuple.of(round.id())).await()) {
      offers.put(new Person(row.getLong("need"), row.getLong("volunteer")), row);
    }
    for (var row : conn.preparedQuery(MISSED).execute(Tuple.of(round.id())).await()) {
      var person = new Person(row.getLong("need"), row.getLong("volunteer"));
      missed.put(person, row.getString("why"));
    }
  }

  /** What is not as it was stored; nothing when all is. */
  List<Title> with(Board board, Plan plan) {
    differ("seed", "البذرة", round.seed(), board.seed());
    differ("budget", "الميزانية", round.budget(), board.budget());
    order(plan.asks());
    decisions.forEach(decision -> verdict(decision, plan));
    plan.asks().forEach(this::ask);
    offers.keySet().forEach(person -> add(person, "لم يُختر، وله عرض", "not chosen, has an offer"));
    missed.forEach((person, why) -> add(person, "لم يُختر: " + why, "not chosen, yet: " + why));
    return differences;
  }

  private void order(List<Ask> asks) {
    var now = asks.stream().map(Person::new).toList();
    var then = new ArrayList<Person>();
    for (var i = 0; i < round.asked().size(); i++) {
      then.add(new Person(round.askedFor().get(i), round.asked().get(i)));
    }
    for (var i = 0; i < Math.max(now.size(), then.size()); i++) {
      var is = i < now.size() ? now.get(i).toString() : "—";
      var was = i < then.size() ? then.get(i).toString() : "—";
      if (is.equals(was)) continue;
      differ("the choice at place " + (i + 1), "الاختيار رقم " + (i + 1), was, is);
      return;
    }
  }

  // Each who was chosen has an offer with the very same figures, or a reason why not.
  private void ask(Ask ask) {
    var person = new Person(ask);
    var reason = missed.remove(person);
    var offer = offers.remove(person);
    if (offer == null) {
      if (reason == null && !round.overtaken().contains(person.need)) {
        add(person, "اختير، ولا عرض له ولا سبب", "chosen, with neither an offer nor a reason");
      }
      return;
    }
    if (reason != null) add(person, "له عرض، و: " + reason, "has an offer, and yet: " + reason);
    var option = ask.option();
    var factors = ask.factors();
    figure(person, offer, "km", option.km());
    figure(person, offer, "rate", factors.rate());
    figure(person, offer, "useful", factors.useful());
    figure(person, offer, "gain", factors.gain());
    figure(person, offer, "price", factors.price());
    figure(person, offer, "rarer", option.rarer());
    figure(person, offer, "recent", option.recent());
    figure(person, offer, "said_yes", option.yes());
    figure(person, offer, "said_no", option.no());
  }

  private void figure(Person person, Row offer, String column, double now) {
    differ(person + " " + column, person + " " + column, offer.getDouble(column), now);
  }

  private void verdict(Decision decision, Plan plan) {
    var need = "need " + decision.need().value() + " ";
    var found = plan.verdicts().stream().filter(v -> v.need().equals(decision.need())).findFirst();
    if (found.isEmpty()) {
      differ(need + "verdict", need + "الحكم", decision.why(), "—");
      return;
    }
    var verdict = found.get();
    differ(need + "open", need + "المتبقي", decision.open(), verdict.open());
    differ(need + "expected", need + "المتوقع", decision.expected(), verdict.expected());
    differ(need + "reach", need + "المتناول", decision.reach(), verdict.reach());
    differ(need + "human", need + "يحتاج إنسانًا", decision.needsHuman(), verdict.needsHuman());
    if (!EDGES.contains(decision.why())) {
      differ(need + "why", need + "السبب", decision.why(), why(verdict));
    }
    differ(need + "asked", need + "من سُئلوا", decision.asked(), asked(decision));
  }

  private static String why(Verdict verdict) {
    return verdict.open() <= 0 ? Says.FULL : verdict.why().word();
  }

  // They were counted when they were about to be asked.
  private int asked(Decision decision) {
    var need = decision.need().value();
    var busy = Says.Unasked.BUSY.word;
    var offered = offers.keySet().stream().filter(person -> person.need == need).count();
    var left =
        missed.entrySet().stream()
            .filter(one -> one.getKey().need == need && one.getValue().equals(busy))
            .count();
    return (int) (offered + left);
  }

  private void differ(String en, String ar, Object was, Object is) {
    if (Objects.equals(was, is)) return;
    differences.add(
        new Title(
            "%s: كان %s، وهو الآن %s".formatted(ar, was, is),
            "%s: was %s, is now %s".formatted(en, was, is)));
  }

  private void add(Person person, String ar, String en) {
    differences.add(new Title(person + ": " + ar, person + ": " + en));
  }

  private static final List<String> EDGES =
      Stream.of(Says.Edge.values()).map(edge -> edge.word).toList();

  private static final String OFFERS =
      """
      SELECT o.need, o.volunteer, o.km, o.rate, o.useful, o.gain, o.price,
        o.rarer::float8 AS rarer, o.recent, o.said_yes, o.said_no
      FROM dispatch.offer o JOIN dispatch.decision d ON d.id = o.decision
      WHERE d.round = $1
      """;

  private static final String MISSED =
      "SELECT need, volunteer, why FROM dispatch.not_asked WHERE round = $1";
}
