package org.fazaa.web.bench;

import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 50ms} or {@code 50}. */
final class Millis implements ITypeConverter<Duration> {
  @Override
  public Duration convert(String written) {
    if (!written.matches("[0-9]{1,5}(ms)?")) {
      throw new TypeConversionException("write milliseconds, such as 50ms · اكتب مثل 50ms");
    }
    return Duration.ofMillis(Long.parseLong(written.replace("ms", "")));
  }
}
