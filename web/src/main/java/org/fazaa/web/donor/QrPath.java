package org.fazaa.web.donor;

import io.nayuki.qrcodegen.QrCode;

/**
 * A QR code as the path of one SVG shape, with the quiet margin of four modules that scanners want.
 */
final class QrPath {
  static final int MARGIN = 4;

  private QrPath() {}

  static String of(QrCode code) {
    var path = new StringBuilder();
    for (var y = 0; y < code.size; y++) {
      for (var x = 0; x < code.size; x++) {
        if (code.getModule(x, y)) {
          path.append('M').append(x + MARGIN).append(' ').append(y + MARGIN).append("h1v1h-1z");
        }
      }
    }
    return path.toString();
  }
}
