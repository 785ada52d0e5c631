package org.fazaa.notifier.carrier.standin;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What somebody sends besides words. */
public record Enclosed(List<File> files, Optional<Pin> pin) {
  public static final Enclosed NOTHING = new Enclosed(List.of(), Optional.empty());

  public record File(String mediaType, Buffer bytes) {}

  public record Pin(double lat, double lon, String label) {}

  public static Enclosed file(String mediaType, byte[] bytes) {
    return new Enclosed(List.of(new File(mediaType, Buffer.buffer(bytes))), Optional.empty());
  }

  public static Enclosed pin(double lat, double lon, String label) {
    return new Enclosed(List.of(), Optional.of(new Pin(lat, lon, label)));
  }

  /** As {@code {"media": [{"type": …, "bytes": base64}], "pin": {"lat": …, "lon": …}}}. */
  static Enclosed of(JsonObject written) {
    var files = new ArrayList<File>();
    for (var one : written.getJsonArray("media", new JsonArray())) {
      var file = (JsonObject) one;
      files.add(new File(file.getString("type"), Buffer.buffer(file.getBinary("bytes"))));
    }
    var pin = Optional.ofNullable(written.getJsonObject("pin"));
    return new Enclosed(
        files,
        pin.map(
            at ->
                new Pin(at.getDouble("lat"), at.getDouble("lon"), at.getString("label", ""))));
  }
}
