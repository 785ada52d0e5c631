package org.fazaa.web;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.fazaa.dispatcher.callout.AskPerson;
import org.fazaa.dispatcher.callout.AskRing;
import org.fazaa.dispatcher.callout.ConfirmRing;
import org.fazaa.dispatcher.callout.Refusal;
import org.fazaa.dispatcher.roster.Reason;
import org.fazaa.web.Problem.Flaw;

/** Why a coordinator may not ask somebody beside the rounds, as pages and the API say it. */
public final class Overrides {
  private Overrides() {}

  /** Empty when it was not refused. */
  public static Optional<Problem> problem(AskRing.Outcome outcome) {
    return switch (outcome) {
      case AskRing.Outcome.Asked asked -> Optional.empty();
      case AskRing.Outcome.NeedsSecondPerson second -> Optional.empty();
      case AskRing.Outcome.NoSuchNeed() -> Optional.of(Problem.notFound());
      case AskRing.Outcome.Refused(var why) -> Optional.of(problem(why));
      case AskRing.Outcome.Incomplete(var flaws) ->
          Optional.of(
              Problem.invalid(
                  flaws.stream()
                      .map(one -> new Flaw("/" + one.field(), new Words(one.ar(), one.en())))
                      .toList()));
      case AskRing.Outcome.TypeTheCount(var people) -> Optional.of(typeTheCount(people));
      case AskRing.Outcome.BeyondArea(var km) -> Optional.of(beyondArea(km));
      case AskRing.Outcome.ExceedsEnvelope(var stakes) -> Optional.of(exceeds(stakes));
      case AskRing.Outcome.NobodyThere(var km) -> Optional.of(nobody(km));
    };
  }

  public static Optional<Problem> problem(AskPerson.Outcome outcome) {
    return switch (outcome) {
      case AskPerson.Outcome.Asked asked -> Optional.empty();
      case AskPerson.Outcome.NoSuchNeed() -> Optional.of(Problem.notFound());
      case AskPerson.Outcome.NoSuchVolunteer() -> Optional.of(Problem.notFound());
      case AskPerson.Outcome.Refused(var why) -> Optional.of(problem(why));
      case AskPerson.Outcome.Forbidden(var broken) -> Optional.of(forbidden(broken));
      case AskPerson.Outcome.SayAnyway(var broken) -> Optional.of(sayAnyway(broken));
      case AskPerson.Outcome.ExceedsEnvelope(var stakes) -> Optional.of(exceeds(stakes));
      case AskPerson.Outcome.OutOfReach() -> Optional.of(OUT_OF_REACH);
    };
  }

  public static Optional<Problem> problem(ConfirmRing.Outcome outcome) {
    return switch (outcome) {
      case ConfirmRing.Outcome.Confirmed(var ring) -> problem(ring);
      case ConfirmRing.Outcome.NoSuchRing() -> Optional.of(Problem.notFound());
      case ConfirmRing.Outcome.AlreadyAsked() -> Optional.of(ALREADY_ASKED);
      case ConfirmRing.Outcome.SamePerson() -> Optional.of(SAME_PERSON);
      case ConfirmRing.Outcome.Expired() -> Optional.of(EXPIRED);
      case ConfirmRing.Outcome.ChangedMeanwhile() -> Optional.of(CHANGED_MEANWHILE);
    };
  }

  private static Problem problem(Refusal why) {
    var name = why.name().toLowerCase(Locale.ROOT).replace('_', '-');
    return Problem.conflict(name, NOBODY_ASKED, new Words(why.ar() + ".", capital(why.en())));
  }

  private static Problem typeTheCount(int people) {
    return wanting(
        "/typed_count",
        "type-the-count",
        new Words("أعد كتابة العدد", "Type the number"),
        words(
            "سيُسأل %d شخصًا: أعد كتابة هذا العدد لتؤكد.",
            "%d people will be asked: type that number again to confirm.", people));
  }

  private static Problem beyondArea(double km) {
    return Problem.conflict(
        "beyond-area",
        NOBODY_ASKED,
        words(
            "النطاق المعتمد ينتهي عند %.1f كم: اختر حلقة أصغر، أو أوقف النداء واعتمد نطاقًا أوسع.",
            "The approved area ends at %.1f km: choose a smaller ring, or pause the call-out and"
                + " approve a wider area.",
            km));
  }

  private static Problem exceeds(AskRing.Stakes stakes) {
    return Problem.conflict(
        "exceeds-envelope",
        NOBODY_ASKED,
        words(
            "يلزم %d رسالة بتكلفة %.2f %s، وبقي مما اعتُمد %d رسالة و%.2f %s: اختر حلقة أصغر، أو"
                + " أوقف النداء واعتمد غيره.",
            "It takes %d texts for %.2f %s; of what was approved %d texts and %.2f %s are left:"
                + " choose a smaller ring, or pause the call-out and approve a new one.",
            stakes.texts(),
            stakes.cost() / 100.0,
            stakes.currency(),
            stakes.textsLeft(),
            stakes.costLeft() / 100.0,
            stakes.currency()));
  }

  private static Problem nobody(double km) {
    return Problem.conflict(
        "nobody-there",
        NOBODY_ASKED,
        words(
            "لا أحد ضمن %.1f كم يجوز سؤاله الآن: انظر من استُبعد ولماذا.",
            "Nobody within %.1f km may be asked now: see who was left out and why.", km));
  }

  private static Problem forbidden(List<Reason> broken) {
    return Problem.conflict(
        "may-not-be-asked",
        new Words("لا يجوز سؤال هذا الشخص", "This person may not be asked"),
        sentences(broken));
  }

  private static Problem sayAnyway(List<Reason> broken) {
    var why = sentences(broken);
    return wanting(
        "/anyway",
        "say-anyway",
        new Words("لا يُسأل عادة الآن", "Would not be asked just now"),
        new Words(
            why.ar() + " أكّد أنك رأيت ذلك إن أردت سؤاله رغمه.",
            why.en() + " Confirm that you have seen this to ask them all the same."));
  }

  /** It would do, if this field said that whoever asks knows it. */
  private static Problem wanting(String field, String name, Words title, Words detail) {
    return new Problem(409, name, title, detail, List.of(new Flaw(field, detail)));
  }

  /** Which rules are in the way, one sentence each. */
  public static Words sentences(List<Reason> broken) {
    return new Words(
        broken.stream().map(one -> one.ar() + ".").collect(Collectors.joining(" ")),
        broken.stream().map(one -> one.en() + ".").collect(Collectors.joining(" ")));
  }

  private static Words words(String ar, String en, Object... values) {
    return new Words(
        String.format(Locale.ROOT, ar, values), String.format(Locale.ROOT, en, values));
  }

  private static String capital(String sentence) {
    return Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1) + ".";
  }

  private static final Words NOBODY_ASKED = new Words("لم يُسأل أحد", "Nobody was asked");

  private static final Problem OUT_OF_REACH =
      Problem.conflict(
          "out-of-reach",
          NOBODY_ASKED,
          new Words(
              "أوقف الرسائل أو سُئل عن شيء آخر في هذه اللحظة: أعد فتح الصفحة.",
              "They stopped our texts, or were asked something else this very moment: look"
                  + " again."));

  private static final Problem ALREADY_ASKED =
      Problem.conflict(
          "already-asked",
          new Words("سُئلوا من قبل", "They have been asked"),
          new Words("أُكدت هذه الحلقة من قبل.", "This ring has been confirmed already."));

  private static final Problem SAME_PERSON =
      Problem.notAllowed(
          new Words(
              "يؤكد السؤال الكبير شخص غير الذي طلبه.",
              "A large ring is confirmed by somebody other than whoever asked for it."));

  private static final Problem EXPIRED =
      Problem.conflict(
          "ring-expired",
          NOBODY_ASKED,
          new Words(
              "انتهت مهلة هذا الطلب: اطلبه من جديد.", "This ring has expired: ask for it again."));

  private static final Problem CHANGED_MEANWHILE =
      Problem.conflict(
          "changed-meanwhile",
          NOBODY_ASKED,
          new Words(
              "تغيّر الاحتياج أو اعتُمد نداء جديد منذ هذا الطلب: اطلبه من جديد.",
              "The need was changed, or called out anew, since this ring was asked for: ask for it"
                  + " again."));
}
