package org.fazaa.notifier.carrier.standin;

import java.time.Duration;

/** How one POST of a message is answered. What is refused or cut may still have been taken. */
public sealed interface Manner {

  /** As Twilio would: checked, then taken or refused. */
  record Accept() implements Manner {}

  record AcceptSlowly(Duration after) implements Manner {}

  /** Takes the message and loses the connection before it can say so. */
  record AcceptThenCut() implements Manner {}

  /** Takes the message and never answers. */
  record AcceptThenSilence() implements Manner {}

  /** Takes the message and answers with a failure of its own. */
  record AcceptThenRefuse(int status) implements Manner {}

  /** With an HTTP status and, unless 0, one of Twilio's codes. */
  record Refuse(int status, int code) implements Manner {}

  record RefuseUntil(int status, int code, int retryAfterSeconds) implements Manner {}

  record Cut() implements Manner {}

  /** Takes nothing and never answers. */
  record Silence() implements Manner {}

  record Say(int status, String body) implements Manner {}

  record Redirect(String to) implements Manner {}
}
