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
  private static final String OTHER = "text-";
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
    router.get("/phones/:phone").handler(this::show);
    forms.post(router, "/phones/:phone/replies", READS, this::answer);
  }

  private void list(RoutingContext context) {
    Guard.require(context, READS);
    var frame = frames.of(context);
    var rows =
        SimulatedPhones.threads(pool, SHOWN).stream()
            .map(thread -> row(owner(thread, frame), thread))
            .toList();
    frames.show(context, "console/phones", frame, new PhonesPage(rows));
  }

  private Owner owner(SimulatedPhones.Thread thread, Frame frame) {
    return Volunteers.find(pool, thread.phone())
        .map(Owner::of)
        .orElseGet(() -> Owner.other(thread.text(), thread.phone(), frame));
  }

  private static PhonesPage.Row row(Owner owner, SimulatedPhones.Thread thread) {
    return new PhonesPage.Row(
        owner.id,
        owner.name,
        thread.phone().e164(),
        thread.lastBody(),
        !thread.lastFromPhone() && LINK.matcher(thread.lastBody()).find(),
        thread.lastAt());
  }

  // Phones stand in no address, so a phone is asked for by whose it is.
  private void show(RoutingContext context) {
    Guard.require(context, READS);
    var frame = frames.of(context);
    var owner = owner(context.pathParam("phone"), frame);
    var lines =
        SimulatedPhones.messages(pool, owner.phone).stream()
            .map(message -> line(message, frame))
            .toList();
    var page =
        new PhonePage(
            owner.id,
            owner.name,
            owner.phone.e164(),
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
    var owner = owner(form.context().pathParam("phone"), frames.of(form.context()));
    var body = form.text("quick").isEmpty() ? form.text("body") : form.text("quick");
    var here = "/phones/" + owner.id;
    if (body.isEmpty()) return new Next.See(here, List.of());
    var key = form.text(Forms.ONCE_FIELD);
    var kept = SimulatedPhones.answer(tx, owner.phone, body, key, form.now());
    return new Next.See(here, List.of(new Fact.ReplyKept(kept.reply())));
  }

  private Owner owner(String id, Frame frame) {
    var found =
        id.startsWith(OTHER)
            ? number(id.substring(OTHER.length()))
                .flatMap(
                    text ->
                        SimulatedPhones.of(pool, text)
                            .map(phone -> Owner.other(text, phone, frame)))
            : number(id).flatMap(one -> Volunteers.find(pool, new VolunteerId(one)).map(Owner::of));
    return found.orElseThrow(() -> Problem.notFound().refused());
  }

  private static Optional<Long> number(String id) {
    return id.matches("[0-9]{1,18}") ? Optional.of(Long.parseLong(id)) : Optional.empty();
  }

  /** Whose phone it is: a volunteer's, or that of somebody else whom we texted. */
  private record Owner(String id, String name, Phone phone) {
    static Owner of(Volunteer volunteer) {
      return new Owner(String.valueOf(volunteer.id().value()), volunteer.name(), volunteer.phone());
    }

    static Owner other(long text, Phone phone, Frame frame) {
      return new Owner(OTHER + text, frame.say(Word.NOT_A_VOLUNTEER), phone);
    }
  }
}
