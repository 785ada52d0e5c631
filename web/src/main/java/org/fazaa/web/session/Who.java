package org.fazaa.web.session;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/**
 * The account behind a request and what it may do in it. {@code csrf} is the token that its forms
 * must carry; machines, who come with a bearer token, have none.
 */
public record Who(
    long account, String name, String language, Set<Role> roles, Optional<String> csrf) {

  public boolean has(Role role) {
    return roles.contains(role);
  }

  public boolean hasAny(Collection<Role> wanted) {
    return wanted.stream().anyMatch(roles::contains);
  }

  String scope() {
    return "account:" + account;
  }
}
