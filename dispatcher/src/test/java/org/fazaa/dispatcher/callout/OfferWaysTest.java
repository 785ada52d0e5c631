package org.fazaa.dispatcher.callout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fazaa.config.TestDatabase;
import org.fazaa.dispatcher.crisis.Mode;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.people.Register;
import org.fazaa.dispatcher.people.Volunteers;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.Way;
import org.fazaa.notifier.Ways;
import org.fazaa.notifier.Ways.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One need, people of several countries: each is asked as their country allows. */
class OfferWaysTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify", "dispatch");

  private static final Phone SAUDI = new Phone("+966512000001");
  private static final Phone EMIRATI = new Phone("+971512000001");
  private static final Phone AMERICAN = new Phone("+12025550101");
  private static final Phone ON_WHATSAPP = new Phone("+966512000002");

  @Test
  void theProposalAndTheTextsSayHowEachIsAskedAndHowTheyAnswer() {
    db.superuserPool()
        .query(
            "INSERT INTO notify.way_out (way, lane, cost) VALUES ('whatsapp', '+14155238886', 9)")
        .execute()
        .await();
    var ways = new Ways(Map.of(Way.WHATSAPP, 9), Map.of(), false, false);
    var town = new Town(db, Mode.LIVE, true, ways);
    register(town, SAUDI, List.of("sms"));
    register(town, EMIRATI, List.of("sms"));
    register(town, AMERICAN, null);
    register(town, ON_WHATSAPP, null);
    town.hear();
    var need = town.need(4, Priority.URGENT);

    var proposal =
        town.propose
            .run(db.pool(), need, Optional.empty(), Optional.empty(), town.now)
            .orElseThrow();
    assertThat(proposal.reach())
        .extracting(
            ProposeEnvelope.Reach::country,
            ProposeEnvelope.Reach::way,
            ProposeEnvelope.Reach::answer,
            ProposeEnvelope.Reach::people,
            ProposeEnvelope.Reach::cost)
        .containsExactlyInAnyOrder(
            tuple("SA", Way.SMS, Answer.LINK, 1, 5),
            tuple("AE", Way.SMS, Answer.CODE, 1, 5),
            tuple("US", Way.SMS, Answer.REPLY, 1, 5),
            tuple("SA", Way.WHATSAPP, Answer.PRESS, 1, 9));
    assertThat(proposal.costCap()).isGreaterThanOrEqualTo(9 * proposal.maxTexts());

    town.callOut(need, 20);
    town.ask();
    assertThat(town.offers(need)).hasSize(4);
    assertThat(text(SAUDI)).contains("answer here: https://f.test/a/").doesNotContain("Reply");
    assertThat(text(EMIRATI)).contains("on your own Fazaa page").doesNotContain("http", "Reply");
    assertThat(text(AMERICAN)).contains("Reply 1 yes or 2 no", " https://f.test/a/");
    assertThat(text(ON_WHATSAPP)).as("if it turns to SMS").contains("answer here: https://");
    assertThat(way(ON_WHATSAPP)).isEqualTo("whatsapp");
    assertThat(way(SAUDI)).isEqualTo("sms");
    assertThat(town.view(need).cost()).isEqualTo(5 + 5 + 5 + 9);
  }

  @Test
  void whatSomebodyWishesIsKept() {
    var town = new Town(db);
    var id = town.people(1).getFirst();
    var wished = List.of(Way.VOICE, Way.SMS);
    assertThat(town.<Boolean>tx(tx -> Volunteers.setWays(tx, id, wished))).isTrue();
    assertThat(Volunteers.find(db.pool(), id).orElseThrow().ways()).isEqualTo(wished);
    assertThat(town.<Boolean>tx(tx -> Volunteers.setWays(tx, id, List.of()))).isTrue();
    assertThat(Volunteers.find(db.pool(), id).orElseThrow().ways()).isEmpty();
  }

  private static void register(Town town, Phone phone, List<String> ways) {
    var place = town.center;
    var draft =
        new Register.Draft(
            "Huda",
            phone.e164(),
            null,
            "en",
            null,
            null,
            place.lon(),
            place.lat(),
            null,
            null,
            null,
            ways,
            true);
    var outcome = town.tx(tx -> Register.run(tx, draft, town.now));
    assertThat(outcome).isInstanceOf(Register.Outcome.Registered.class);
  }

  private static String text(Phone phone) {
    return column(phone, "body");
  }

  private static String way(Phone phone) {
    return column(phone, "way");
  }

  private static String column(Phone phone, String name) {
    var sql = "SELECT " + name + " AS one FROM notify.text WHERE to_phone = $1";
    var rows = db.pool().preparedQuery(sql).execute(Tuple.of(phone.e164())).await();
    return rows.iterator().next().getString("one");
  }
}
