package org.fazaa;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A migration adds columns while the program runs. What a statement answers must stay what it was,
 * or the database refuses the plans that its connections have kept: every result names its columns.
 */
@Tag("F12")
class ResultColumnsTest {

  // At the start of a statement, or as the last thing it answers; inside of one a star is no harm.
  private static final Pattern STAR =
      Pattern.compile(
          "\"\\s*SELECT\\s+(\\w+\\.)?\\*(?!\\s*FROM \\()"
              + "|RETURNING (\\w+\\.)?\\*\\s*[\\\\,]?\\s*\"");

  @Test
  void everyResultNamesItsColumns() {
    assertThat(Sources.mainJava())
        .filteredOn(source -> STAR.matcher(source.text()).find())
        .extracting(source -> source.path().getFileName().toString())
        .isEmpty();
  }

  @Test
  void aPlantedStarIsFound() {
    assertThat("\"\"\"\n  SELECT n.*, c.mode FROM need n\"\"\"").containsPattern(STAR);
    assertThat("\"SELECT * FROM dispatch.envelope \"").containsPattern(STAR);
    assertThat("WHERE id = $1\n  RETURNING *\\\n  \"\"\"").containsPattern(STAR);
    assertThat("\"WITH a AS (UPDATE x SET y = 1 RETURNING *) SELECT y FROM a\"")
        .doesNotContainPattern(STAR);
  }
}
