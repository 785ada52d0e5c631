package org.fazaa.dispatcher.rehearsal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.fazaa.dispatcher.people.Flaw;

/** What was given cannot be rehearsed; every mistake says where it is and how to mend it. */
public final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Mistakes that are told one by one; the rest are counted. */
  static final int TOLD_MAX = 20;

  private Refused(String message) {
    super(message);
  }

  /**
   * Collects what is wrong with one file or one command line, so that all of it is told at once.
   */
  static final class Mistakes {
    private final String source;
    private final List<String> told = new ArrayList<>();
    private long count;

    private Mistakes(String source) {
      this.source = source;
    }

    static Mistakes in(Path file) {
      return new Mistakes(file.toString());
    }

    static Mistakes in(String source) {
      return new Mistakes(source);
    }

    /** About the whole. */
    void add(String en, String ar) {
      tell(source, en, ar);
    }

    /** About one cell. */
    void add(long line, String column, String value, String en, String ar) {
      tell("%s line %d, column %s, '%s'".formatted(source, line, column, value), en, ar);
    }

    /** About one line as a whole. */
    void add(long line, String en, String ar) {
      tell("%s line %d".formatted(source, line), en, ar);
    }

    /** About one column of a line. */
    void add(long line, Flaw flaw) {
      tell("%s line %d, column %s".formatted(source, line, flaw.field()), flaw.en(), flaw.ar());
    }

    void refuseIfAny() {
      if (count > 0) {
        throw refused();
      }
    }

    Refused refused() {
      var more =
          count > told.size()
              ? "\n… and %d more · و%d غيرها".formatted(count - told.size(), count - told.size())
              : "";
      return new Refused(told.stream().collect(Collectors.joining("\n")) + more);
    }

    private void tell(String where, String en, String ar) {
      count++;
      if (told.size() < TOLD_MAX) {
        told.add(where + ": " + en + " · " + ar);
      }
    }
  }
}
