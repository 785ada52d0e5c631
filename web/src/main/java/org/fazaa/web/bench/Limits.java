package org.fazaa.web.bench;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Benches are bounded: what an option may say. */
final class Limits {
  private Limits() {}

  static void within(CommandSpec spec, String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new ParameterException(
          spec.commandLine(),
          "%s must be %,d to %,d · يجب أن يكون من %,d إلى %,d"
              .formatted(option, least, most, least, most));
    }
  }
}
