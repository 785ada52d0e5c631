package org.fazaa.web.console;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.people.Volunteer;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.people.Volunteers;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.carrier.simulated.SimulatedPhones;
import org.fazaa.web.Frame;
import org.fazaa.web.Frames;
import org.fazaa.web.Problem;
import org.fazaa.web.Word;
import org.fazaa.web.session.Forms;
import org.fazaa.web.session.Forms.Next;
import org.fazaa.web.session.Guard;
import org.fazaa.web.session.Role;

/** The simulated carrier's phones: what people would read, and answering for them by hand. */
public final class PhoneRoutes {
  private static final Set<Role> READS = EnumSet.of(Role.COORDINATOR, Role.MANAGER, Role.ADMIN);
  private static final int SHOWN = 60;
  private static final Pattern LINK = Pattern.compile("https?://[^\\s/]+(/a/[A-Za-z0-9_-]+)");

  private final Frames frames;
  private final Forms forms;
  private final Pool pool;
  private final boolean simulated;

  /** Real phones are nobody's to look into: with a real carrier there is nothing here. */
  public PhoneRoutes(Frames frames, Forms forms, Pool pool, boolean simulated) {
    this.frames = frames;
    this.forms = forms;
    this.pool = pool;
    this.simulated = simulated;
  }

  public void mount(Router router) {
    if (!simulated) return;
    router.get("/phones").handler(this::list);
    router.get("/phones/:volunteer").handler(this::show);
    forms.post(router, "/phones/:volunteer/replies", READS, this::answer);
  }

  private void list(RoutingContext context) {
    Guard.require(context, READS);
    var frame = frames.of(context);
    var rows =
        SimulatedPhones.threads(pool, SHOWN).stream()
            .flatMap(
                thread ->
                    Volunteers.find(pool, thread.phone())
                        .map(volunteer -> row(volunteer, thread))
                        .stream())
            .toList();
    frames.show(context, "console/phones", frame, new PhonesPage(rows));
  }

  private static PhonesPage.Row row(Volunteer volunteer, SimulatedPhones.Thread thread) {
    return new PhonesPage.Row(
        String.valueOf(volunteer.id().value()),
        volunteer.name(),
        thread.phone().e164(),
        thread.lastBody(),
        !thread.lastFromPhone() && LINK.matcher(thread.lastBody()).find(),
        thread.lastAt());
  }

  // Phones stand in no address, so a phone is asked for by whose it is.
  private void show(RoutingContext context) {
    Guard.require(context, READS);
    var volunteer = volunteer(Places.id(context, "volunteer"));
    var frame = frames.of(context);
    var lines =
        SimulatedPhones.messages(pool, volunteer.phone()).stream()
            .map(message -> line(message, frame))
            .toList();
    var page =
        new PhonePage(
            String.valueOf(volunteer.id().value()),
            volunteer.name(),
            volunteer.phone().e164(),
            lines,
            List.of("1", "2", "نعم", "لا مشكلة جاي", "STOP"));
    frames.show(context, "console/phone", frame, page);
  }

  private static PhonePage.Line line(SimulatedPhones.Message message, Frame frame) {
    var link = LINK.matcher(message.body());
    return new PhonePage.Line(
        !message.fromPhone(),
        message.body(),
        message.at(),
        message.state() == null ? frame.say(Word.WRITTEN) : state(message.state(), frame),
        !message.fromPhone() && link.find() ? Optional.of(link.group(1)) : Optional.empty());
  }

  private static String state(String state, Frame frame) {
    return switch (state) {
      case "delivered" -> frame.say(Word.TEXT_DELIVERED);
      case "sent", "accepted", "submitting" -> frame.say(Word.TEXT_SENT);
      case "queued" -> frame.say(Word.TEXT_QUEUED);
      default -> state;
    };
  }

  private Next answer(Forms.Form form, SqlConnection tx) {
    var volunteer = volunteer(form.id("volunteer"));
    var body = form.text("quick").isEmpty() ? form.text("body") : form.text("quick");
    var here = "/phones/" + volunteer.id().value();
    if (body.isEmpty()) return new Next.See(here, List.of());
    Phone phone = volunteer.phone();
    var key = form.text(Forms.ONCE_FIELD);
    var kept = SimulatedPhones.answer(tx, phone, body, key, form.now());
    return new Next.See(here, List.of(new Fact.ReplyKept(kept.reply())));
  }

  private Volunteer volunteer(long id) {
    return Volunteers.find(pool, new VolunteerId(id))
        .orElseThrow(() -> Problem.notFound().refused());
  }
}
