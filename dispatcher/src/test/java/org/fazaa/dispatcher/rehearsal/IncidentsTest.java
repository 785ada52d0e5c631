package org.fazaa.dispatcher.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.fazaa.dispatcher.people.Point;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IncidentsTest {
  private static final String COLUMNS = "time=at,kind=type,people=units,lat=lat,lon=lon";
  private static final Optional<ZoneId> RIYADH = Optional.of(ZoneId.of("Asia/Riyadh"));

  @TempDir Path folder;

  @Test
  void rowsAreReadByTheColumnsThatWereNamedAndPutInOrderOfTime() {
    var read =
        read(
            """
            id,at,type,units,lat,lon
            1,2026-11-20T10:00:00Z,"FLOOD, DEEP",3,21.5,39.2
            2,2026-11-20T09:00:00Z,FIRE,1,21.6,39.1
            """);

    assertThat(read.list())
        .containsExactly(
            new Incident(3, Instant.parse("2026-11-20T09:00:00Z"), "FIRE", 1, at(39.1, 21.6)),
            new Incident(
                2, Instant.parse("2026-11-20T10:00:00Z"), "FLOOD, DEEP", 3, at(39.2, 21.5)));
  }

  @Test
  void columnsThatAreNotNamedAreGuessed() {
    var read = read("", "created_local,category,latitude,lng\n2026-11-20 12:00,Flood,21.5,39.2\n");

    assertThat(read.list())
        .containsExactly(
            new Incident(2, Instant.parse("2026-11-20T09:00:00Z"), "Flood", 1, at(39.2, 21.5)));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-20T09:00:00Z",
    "2026-11-20T12:00:00+03:00",
    "2026-11-20T12:00:00+0300",
    "2026-11-20T12:00+03",
    "2026-11-20T12:00:00.000+03:00[Asia/Riyadh]",
    "2026-11-20T12:00:00",
    "2026-11-20T12:00",
    "2026-11-20 12:00:00",
    "2026-11-20 12:00:00.000",
    "2026-11-20 12:00",
    "2026-11-20 09:00:00 UTC",
    "2026/11/20 12:00",
    "11/20/2026 12:00:00 PM",
  })
  void timesAreReadInManyShapes(String written) {
    var read = read("at,lat,lon\n" + written + ",21.5,39.2\n");

    assertThat(read.list().getFirst().at()).isEqualTo("2026-11-20T09:00:00Z");
  }

  @ParameterizedTest
  @CsvSource({
    "'',1", "0,1", "1,1", "7,7", "2.0,2", "500,500",
  })
  void whoeverDoesNotKnowHowManyNeedsOne(String written, int people) {
    var read = read("at,units,lat,lon\n2026-11-20T09:00Z," + written + ",21.5,39.2\n");

    assertThat(read.list().getFirst().people()).isEqualTo(people);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "noon,1,21.5,39.2 | line 3, column at, 'noon'",
        "2026-02-30T10:00Z,1,21.5,39.2 | line 3, column at, '2026-02-30T10:00Z'",
        "'',1,21.5,39.2 | line 3, column at, ''",
        "2026-11-20T09:00Z,many,21.5,39.2 | line 3, column units, 'many'",
        "2026-11-20T09:00Z,-1,21.5,39.2 | line 3, column units, '-1'",
        "2026-11-20T09:00Z,1.5,21.5,39.2 | line 3, column units, '1.5'",
        "2026-11-20T09:00Z,501,21.5,39.2 | line 3, column units, '501'",
        "2026-11-20T09:00Z,1,91,39.2 | line 3, column lat, '91'",
        "2026-11-20T09:00Z,1,NaN,39.2 | line 3, column lat, 'NaN'",
        "2026-11-20T09:00Z,1,21.5,east | line 3, column lon, 'east'",
        "2026-11-20T09:00Z,1,21.5, | line 3, column lon, ''",
        "2026-11-20T09:00Z,1,21.5 | line 3: has 3 columns, the first line has 4",
      })
  void aBadRowIsNamedWithLineAndColumnInBothLanguages(String row, String named) {
    var written = row.replace("''", "");
    assertThatThrownBy(
            () ->
                read("at,units,lat,lon\n2026-11-20T09:00Z,1,21.5,39.2\n" + written.strip() + "\n"))
        .isInstanceOf(Refused.class)
        .hasMessageContaining(named.strip())
        .hasMessageMatching("(?s).*[a-z].* · .*[\\p{IsArabic}].*");
  }

  @Test
  void aLocalTimeWithoutAZoneSaysHowToMendIt() {
    var file = write("at,lat,lon\n2026-11-20 12:00,21.5,39.2\n");

    assertThatThrownBy(() -> Incidents.read(file, "time=at", Optional.empty()))
        .hasMessageContaining("line 2, column at, '2026-11-20 12:00'")
        .hasMessageContaining("--zone");
  }

  @Test
  void twentyBadRowsAreToldAndTheRestCounted() {
    var rows = "noon,1,21.5,39.2\n".repeat(25);

    assertThatThrownBy(() -> read("at,units,lat,lon\n" + rows))
        .hasMessageContaining("line 21, column at")
        .hasMessageContaining("… and 5 more")
        .extracting(Throwable::getMessage)
        .satisfies(message -> assertThat(message.lines().count()).isEqualTo(21));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "time=when,lat=lat,lon=lon | no column 'when'",
        "time=at,where=lat | cannot be read at 'where=lat'",
        "time=at,time=at | names time twice",
        "time | cannot be read at 'time'",
      })
  void wrongColumnsAreNamed(String columns, String named) {
    assertThatThrownBy(() -> read(columns, "at,lat,lon\n2026-11-20T09:00Z,21.5,39.2\n"))
        .isInstanceOf(Refused.class)
        .hasMessageContaining(named);
  }

  @Test
  void aColumnThatCannotBeGuessedIsAskedFor() {
    assertThatThrownBy(() -> read("", "at,lat,breadth\n2026-11-20T09:00Z,21.5,39.2\n"))
        .hasMessageContaining("--columns time=")
        .hasMessageContaining("--columns lon=");
  }

  @Test
  void aFileThatIsMissingOrEmptyOrHasNoRowsIsRefused() {
    assertThatThrownBy(
            () -> Incidents.read(folder.resolve("nowhere.csv"), COLUMNS, Optional.empty()))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("nowhere.csv");
    assertThatThrownBy(() -> Incidents.read(folder, COLUMNS, Optional.empty()))
        .isInstanceOf(Refused.class);
    assertThatThrownBy(() -> read("")).hasMessageContaining("is empty");
    assertThatThrownBy(() -> read("at,lat,lon\n")).hasMessageContaining("no incidents");
  }

  @Test
  void quotesThatAreNeverClosedAreNoCsv() {
    assertThatThrownBy(() -> read("at,lat,lon\n\"2026-11-20T09:00Z,21.5,39.2\n"))
        .isInstanceOf(Refused.class);
  }

  @Test
  void semicolonsAndAByteOrderMarkAreNoHindrance() {
    var read = read("\uFEFFat;lat;lon\n2026-11-20T09:00Z;21.5;39.2\n");

    assertThat(read.list()).hasSize(1);
  }

  private Incidents read(String csv) {
    var named = csv.contains("type") ? COLUMNS : csv.contains("units") ? UNITS : "time=at";
    return read(named, csv);
  }

  private static final String UNITS = "time=at,people=units,lat=lat,lon=lon";

  private Incidents read(String columns, String csv) {
    return Incidents.read(write(csv), columns, RIYADH);
  }

  private Path write(String csv) {
    try {
      return Files.writeString(folder.resolve("incidents.csv"), csv);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Point at(double lon, double lat) {
    return new Point(lon, lat);
  }
}
