package org.fazaa.web;

/** One sentence in both languages of the house. */
public record Words(String ar, String en) {

  public String in(String language) {
    return language.equals("ar") ? ar : en;
  }
}
