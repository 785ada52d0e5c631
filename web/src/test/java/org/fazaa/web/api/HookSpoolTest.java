package org.fazaa.web.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HookSpoolTest {
  private static final Instant AT = Instant.parse("2026-11-22T08:00:00.123456Z");

  @TempDir Path data;

  @Test
  void whatWasKeptIsThereAfterARestartAsItCame() throws IOException {
    var reply = new Hook(Hook.Kind.REPLY, "Body=%D9%86%D8%B9%D9%85&From=%2B966", null, AT);
    var status = new Hook(Hook.Kind.STATUS, "MessageSid=SM1", "42", AT);
    var spool = new HookSpool(data);
    spool.keep(reply);
    spool.keep(status);

    var next = new HookSpool(data);
    var taken = next.take().orElseThrow();
    assertThat(next.read(taken)).containsExactly(reply, status);

    next.done(taken);
    assertThat(next.take()).isEmpty();
    assertThat(next.waitingBytes()).isZero();
  }

  @Test
  void whatWasTakenByOneWhoDiedIsTakenAgain() throws IOException {
    new HookSpool(data).keep(hook("SM1"));
    new HookSpool(data).take();
    new HookSpool(data).keep(hook("SM2"));

    var spool = new HookSpool(data);
    var sids = new ArrayList<String>();
    for (var taken = spool.take(); taken.isPresent(); taken = spool.take()) {
      spool.read(taken.get()).forEach(hook -> sids.add(hook.body()));
      spool.done(taken.get());
    }
    assertThat(sids).containsExactlyInAnyOrder("MessageSid=SM1", "MessageSid=SM2");
  }

  @Test
  void aLineThatWasCutOffWasNeverAnsweredForAndIsLeftOut() throws IOException {
    var spool = new HookSpool(data);
    spool.keep(hook("SM1"));
    var file = data.resolve("spool/hooks.jsonl");
    Files.writeString(file, "{\"kind\":\"REPLY\",\"bo", StandardOpenOption.APPEND);
    assertThat(spool.read(spool.take().orElseThrow())).containsExactly(hook("SM1"));
  }

  @Test
  void whatComesAfterALineThatWasCutOffIsNotLostWithIt() throws IOException {
    var spool = new HookSpool(data);
    spool.keep(hook("SM1"));
    var file = data.resolve("spool/hooks.jsonl");
    Files.writeString(file, "{\"kind\":\"REPLY\",\"bo", StandardOpenOption.APPEND);
    spool.keep(hook("SM2"));
    assertThat(spool.read(spool.take().orElseThrow())).containsExactly(hook("SM1"), hook("SM2"));
  }

  @Test
  void nobodyElseOnTheMachineMayReadIt() throws IOException {
    new HookSpool(data).keep(hook("SM1"));
    assertThat(mode("spool")).isEqualTo("rwx------");
    assertThat(mode("spool/hooks.jsonl")).isEqualTo("rw-------");
  }

  @Test
  void itHasAnEnd() throws IOException {
    var spool = new HookSpool(data, 150);
    spool.keep(hook("SM1"));
    assertThatThrownBy(() -> spool.keep(hook("SM2")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("full");
    assertThat(spool.read(spool.take().orElseThrow())).hasSize(1);
  }

  @Test
  void manyAtOnceWhileItIsEmptiedLoseNone() throws Exception {
    var spool = new HookSpool(data);
    Callable<Integer> writing =
        () -> {
          for (int i = 0; i < 25; i++) {
            spool.keep(hook("SM" + Thread.currentThread().threadId() + "x" + i));
          }
          return 25;
        };
    int read = 0;
    try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
      var writers = IntStream.range(0, 4).mapToObj(i -> people.submit(writing)).toList();
      while (read < 100) {
        for (var writer : writers) assertThat(writer.state()).isNotEqualTo(Future.State.FAILED);
        var taken = spool.take();
        if (taken.isPresent()) {
          read += spool.read(taken.get()).size();
          spool.done(taken.get());
        }
      }
      for (var writer : writers) assertThat(writer.get()).isEqualTo(25);
    }
    assertThat(read).isEqualTo(100);
    assertThat(spool.take()).isEmpty();
  }

  private String mode(String path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(path)));
  }

  private static Hook hook(String sid) {
    return new Hook(Hook.Kind.REPLY, "MessageSid=" + sid, null, AT);
  }
}
