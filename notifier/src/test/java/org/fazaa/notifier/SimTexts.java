package org.fazaa.notifier;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Texts and people of a simulated town. */
final class SimTexts {
  static final String BUDGET = "crisis:1";
  static final List<Phone> PHONES =
      List.of(new Phone("+966500000001"), new Phone("+966500000002"), new Phone("+966500000003"));

  /** What people answer: yes, no, stop, start, a question, silence being the rest. */
  static final List<String> ANSWERS =
      List.of("1", "نعم", "2", "STOP", "قف", "START", "who are you?", "X", "لا مشكلة جاي");

  private SimTexts() {}

  static Text draw(Random random, long id, List<String> lanes, Instant now) {
    var messageClass =
        switch (random.nextInt(10)) {
          case 0, 1, 2, 3 -> MessageClass.LIFE_SAFETY;
          case 4 -> MessageClass.FUND;
          default -> MessageClass.SERVICE;
        };
    boolean life = messageClass == MessageClass.LIFE_SAFETY;
    var occasion =
        life ? Occasion.ALARM : Occasion.values()[1 + random.nextInt(Occasion.values().length - 1)];
    var phone = PHONES.get(random.nextInt(PHONES.size()));
    var lane = lanes.get(PHONES.indexOf(phone) % lanes.size());
    int segments = 1 + random.nextInt(3);
    boolean long_ = random.nextInt(4) == 0;
    var valid = Duration.ofSeconds(long_ ? 43_200 : 40 + random.nextInt(1_500));
    return text(
        id,
        phone,
        messageClass,
        occasion,
        lane,
        segments,
        random.nextBoolean() ? BUDGET : null,
        now,
        now.plus(valid));
  }

  static Text text(
      long id,
      Phone to,
      MessageClass messageClass,
      Occasion occasion,
      String lane,
      int segments,
      String budget,
      Instant now,
      Instant until) {
    return new Text(
        id,
        0,
        to,
        Language.EN,
        messageClass,
        "dispatch",
        "" + id,
        null,
        "body",
        segments,
        lane,
        "SA",
        occasion,
        budget,
        10 * segments,
        messageClass == MessageClass.LIFE_SAFETY || occasion == Occasion.ASK,
        now,
        until,
        Way.SMS,
        null,
        false);
  }

  static Text repeat(Text text, long id, Instant now) {
    return new Text(
        id,
        0,
        text.to(),
        text.language(),
        text.messageClass(),
        text.purpose(),
        text.about(),
        text.code(),
        text.body(),
        text.segments(),
        text.lane(),
        text.country(),
        text.occasion(),
        text.budget(),
        text.cost(),
        text.answerable(),
        now,
        text.validUntil(),
        text.way(),
        text.wording(),
        text.conversing());
  }

  /** The same, no longer of use after then. */
  static Text until(Text text, Instant until) {
    return new Text(
        text.id(),
        text.post(),
        text.to(),
        text.language(),
        text.messageClass(),
        text.purpose(),
        text.about(),
        text.code(),
        text.body(),
        text.segments(),
        text.lane(),
        text.country(),
        text.occasion(),
        text.budget(),
        text.cost(),
        text.answerable(),
        text.createdAt(),
        until,
        text.way(),
        text.wording(),
        text.conversing());
  }

  static List<String> lanes(Random random) {
    var lanes = new ArrayList<>(List.of("+15005550006"));
    if (random.nextBoolean()) {
      lanes.add("Fazaa");
    }
    return lanes;
  }
}
