package org.fazaa.dispatcher.callout;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fazaa.notifier.reply.Meaning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EffectTest {
  private static final Path FILE = Path.of("..", "docs", "effects.md");

  @Test
  void theDocumentIsTheTable() throws IOException {
    var table = table();
    if (Boolean.getBoolean("fazaa.write")) Files.writeString(FILE, table, UTF_8);

    assertThat(Files.readString(FILE, UTF_8))
        .as("docs/effects.md; -Dfazaa.write=true writes it")
        .isEqualTo(table);
  }

  @ParameterizedTest
  @EnumSource(Standing.class)
  void stopBeatsEverythingAndDangerIsHeardWhereverTheyStand(Standing standing) {
    assertThat(Effect.of(Meaning.STOP, true, standing)).isEqualTo(Effect.STOP);
    assertThat(Effect.of(Meaning.START, true, standing)).isEqualTo(Effect.START);
    assertThat(Effect.of(Meaning.DANGER, true, standing)).isEqualTo(Effect.DANGER);
    assertThat(Effect.of(Meaning.DANGER, false, standing)).isEqualTo(Effect.DANGER);
    assertThat(Effect.of(Meaning.WRONG_NUMBER, true, standing)).isEqualTo(Effect.FREE_PHONE);
  }

  @ParameterizedTest
  @EnumSource(Standing.class)
  void whatIsOnlyLikelyTakesAndGivesBackNothing(Standing standing) {
    var harmless = EnumSet.of(Effect.ASK_TIME, Effect.DANGER, Effect.PERSON);
    for (var meaning : Meaning.values()) {
      assertThat(harmless).contains(Effect.of(meaning, false, standing));
    }
  }

  @Test
  void everyEffectIsSomewhereInTheTable() {
    var found = EnumSet.noneOf(Effect.class);
    for (var meaning : Meaning.values()) {
      for (var standing : Standing.values()) {
        found.add(Effect.of(meaning, true, standing));
        found.add(Effect.of(meaning, false, standing));
      }
    }
    assertThat(found).isEqualTo(Set.of(Effect.values()));
  }

  private static String table() {
    var lines = Stream.<String>builder();
    lines.add("# What a reply does");
    lines.add("");
    lines.add("By what it means (rows) and by where its writer stands (columns). The table is");
    lines.add("`Effect.of`, from which `EffectTest` writes this page.");
    lines.add("");
    lines.add("## A sure reading");
    lines.add("");
    add(lines, true);
    lines.add("");
    lines.add("## A reading that is only likely");
    lines.add("");
    add(lines, false);
    lines.add("");
    lines.add("## The effects");
    lines.add("");
    for (var effect : Effect.values()) {
      lines.add("- **" + effect.word() + "**: " + effect.says() + ".");
    }
    lines.add("");
    lines.add("`over` is a need that is closed or whose time is over, and `none` a phone that was");
    lines.add("asked nothing. A bare answer that could be about several offers is asked which; a");
    lines.add("reply that is asked about again changes nothing. What is noted beside an answer —");
    lines.add("the hour, the way, arrival, leaving, the group — is kept with the offer.");
    return lines.build().collect(Collectors.joining("\n", "", "\n"));
  }

  private static void add(Stream.Builder<String> lines, boolean sure) {
    var heads = Stream.of(Standing.values()).map(Standing::word);
    lines.add("| | " + heads.collect(Collectors.joining(" | ")) + " |");
    lines.add("| --- " + "| --- ".repeat(Standing.values().length) + "|");
    for (var meaning : Meaning.values()) {
      var cells = Stream.of(Standing.values()).map(one -> Effect.of(meaning, sure, one).word());
      lines.add("| `" + meaning.tag() + "` | " + cells.collect(Collectors.joining(" | ")) + " |");
    }
  }
}
