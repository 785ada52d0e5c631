package org.fazaa;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.fazaa.config.FailPoint;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No fail point is only a name. */
class FailPointsTest {

  @ParameterizedTest
  @EnumSource
  void everyFailPointIsReachedInExactlyOnePlace(FailPoint point) {
    var call = Pattern.compile("FailPoint\\." + point + "\\.reach\\(\\)");
    var calls =
        Sources.mainJava().stream()
            .mapToLong(source -> call.matcher(source.text()).results().count());

    assertThat(calls.sum()).isEqualTo(1);
  }
}
