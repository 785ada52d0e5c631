package org.fazaa.web.session;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an account is trusted with. Authority over a text or a coin stands besides where it is used.
 */
public enum Role {
  COORDINATOR,
  FINANCE,
  APPROVER,
  AUDITOR,
  MANAGER,
  ADMIN;

  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Role> find(String code) {
    return Stream.of(values()).filter(role -> role.code().equals(code)).findFirst();
  }

  static Role of(String code) {
    return find(code).orElseThrow(() -> new IllegalArgumentException("no role " + code));
  }
}
