package org.fazaa.notifier.reply;

import java.util.regex.Pattern;

/** What came with a reply besides its words. */
public sealed interface Attached {

  /**
   * A place on the map.
   *
   * @param label what it is called there; may be empty
   */
  record Pin(double lon, double lat, String label) implements Attached {}

  /** A photo, a voice note or the like, and where the carrier keeps it. */
  record File(String mediaType, String url) implements Attached {}

  /** More than these of one reply are left where they are. */
  int MOST = 10;

  /**
   * What is kept and shown. A drawing may hold a script, and so is not taken for a picture.
   */
  Pattern SHOWN =
      Pattern.compile(
          "image/(?!svg)[a-z0-9.+-]{1,40}|audio/[a-z0-9.+-]{1,40}|video/mp4|application/pdf");

  /** The type alone, without parameters such as a codec. */
  static String plainType(String written) {
    return written.split(";", 2)[0].strip().toLowerCase(java.util.Locale.ROOT);
  }

  static boolean isShown(String mediaType) {
    return SHOWN.matcher(plainType(mediaType)).matches();
  }
}
