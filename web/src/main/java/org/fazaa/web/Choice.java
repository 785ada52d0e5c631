package org.fazaa.web;

/** One of the answers that a form offers. */
public record Choice(String code, String name) {}
