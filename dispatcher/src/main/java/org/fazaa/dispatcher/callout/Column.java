package org.fazaa.dispatcher.callout;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Many values of one type, written after each other. Of records each component is a column in its
 * turn, of lists all their elements are: like stands by like, which packs best.
 */
abstract sealed class Column {

  /** The type in words: columns that read each other's bytes have the same. */
  abstract String shape();

  /** Of values that are all there. */
  abstract void put(List<?> values, Bytes.Out out);

  abstract List<?> take(int count, Bytes.In in);

  /**
   * @throws IllegalArgumentException when something in it has no written form
   */
  static Column of(Type type) {
    if (type instanceof ParameterizedType of) {
      var inner = Arrays.stream(of.getActualTypeArguments()).map(Column::of).toList();
      var raw = (Class<?>) of.getRawType();
      if (MANY.containsKey(raw)) return new Many(raw, inner);
    }
    if (type instanceof Class<?> one) {
      if (one.isRecord()) return new Records(one);
      if (one.isEnum()) return new Enums(one);
      var plain = PLAIN.stream().filter(each -> each.types.contains(one)).findFirst();
      if (plain.isPresent()) return plain.get();
    }
    throw new IllegalArgumentException("no written form for " + type.getTypeName());
  }

  /** Of values some of which may be null. */
  final void write(List<?> values, Bytes.Out out) {
    var there = values.stream().filter(value -> value != null).toList();
    var missing = values.size() - there.size();
    out.number(missing);
    for (var i = 0; i < values.size() && missing > 0; i++) {
      if (values.get(i) == null) out.number(i);
    }
    put(there, out);
  }

  final List<?> read(int count, Bytes.In in) {
    var missing = in.size();
    var places = new ArrayList<Integer>();
    for (var i = 0; i < missing; i++) places.add(in.size());
    var values = new ArrayList<Object>(take(count - missing, in));
    for (var place : places) values.add(place, null);
    return values;
  }

  /** What has no parts. */
  private static final class Plain extends Column {
    private final Set<Class<?>> types;
    private final BiConsumer<Object, Bytes.Out> writer;
    private final Function<Bytes.In, Object> reader;

    @SuppressWarnings("unchecked")
    <V> Plain(
        Class<V> type,
        Class<?> primitive,
        BiConsumer<V, Bytes.Out> writer,
        Function<Bytes.In, Object> reader) {
      this.types = Set.copyOf(List.of(type, primitive));
      this.writer = (BiConsumer<Object, Bytes.Out>) writer;
      this.reader = reader;
    }

    @Override
    String shape() {
      return types.stream().map(Class::getSimpleName).max(String::compareTo).orElseThrow();
    }

    @Override
    void put(List<?> values, Bytes.Out out) {
      for (var value : values) writer.accept(value, out);
    }

    @Override
    List<?> take(int count, Bytes.In in) {
      var values = new ArrayList<Object>();
      for (var i = 0; i < count; i++) values.add(reader.apply(in));
      return values;
    }
  }

  private static final class Enums extends Column {
    private final Class<?> type;

    Enums(Class<?> type) {
      this.type = type;
    }

    @Override
    String shape() {
      return Arrays.toString(type.getEnumConstants());
    }

    @Override
    void put(List<?> values, Bytes.Out out) {
      for (var value : values) out.number(((Enum<?>) value).ordinal());
    }

    @Override
    List<?> take(int count, Bytes.In in) {
      var values = new ArrayList<Object>();
      for (var i = 0; i < count; i++) values.add(type.getEnumConstants()[in.size()]);
      return values;
    }
  }

  /** Lists, sets, what is optional, and maps: their sizes, then whatever is in all of them. */
  private static final class Many extends Column {
    private final Class<?> type;
    private final List<Column> inner;

    Many(Class<?> type, List<Column> inner) {
      this.type = type;
      this.inner = inner;
    }

    @Override
    String shape() {
      var parts = inner.stream().map(Column::shape).collect(Collectors.joining(","));
      return type.getSimpleName() + "<" + parts + ">";
    }

    @Override
    void put(List<?> values, Bytes.Out out) {
      var columns = values.stream().map(MANY.get(type).apart()).toList();
      for (var one : columns) out.number(one.getFirst().size());
      for (var part = 0; part < inner.size(); part++) {
        var all = new ArrayList<Object>();
        for (var one : columns) all.addAll(one.get(part));
        inner.get(part).write(all, out);
      }
    }

    @Override
    List<?> take(int count, Bytes.In in) {
      var sizes = new int[count];
      for (var i = 0; i < count; i++) sizes[i] = in.size();
      var all = Arrays.stream(sizes).sum();
      var parts = new ArrayList<List<?>>();
      for (var part : inner) parts.add(part.read(all, in));
      var values = new ArrayList<Object>();
      var begin = 0;
      for (var size : sizes) {
        var from = begin;
        var own = parts.stream().<Collection<?>>map(one -> one.subList(from, from + size)).toList();
        values.add(MANY.get(type).together().apply(own));
        begin += size;
      }
      return values;
    }
  }

  private static final class Records extends Column {
    private final Class<?> type;
    private final List<Part> parts;
    private final MethodHandle make;

    /** A component: a figure, which most are, is not put into an object on its way. */
    private record Part(String name, MethodHandle get, Optional<MethodHandle> figure, Column of) {}

    Records(Class<?> type) {
      this.type = type;
      var components = type.getRecordComponents();
      this.parts = Arrays.stream(components).map(Records::part).toList();
      var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      try {
        var constructor = type.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        this.make =
            LOOKUP
                .unreflectConstructor(constructor)
                .asFixedArity()
                .asSpreader(Object[].class, types.length)
                .asType(MethodType.methodType(Object.class, Object[].class));
      } catch (ReflectiveOperationException e) {
        throw new IllegalArgumentException("no way to make a " + type.getName(), e);
      }
    }

    private static Part part(RecordComponent component) {
      try {
        var accessor = component.getAccessor();
        accessor.setAccessible(true);
        var get = LOOKUP.unreflect(accessor);
        var figure =
            component.getType() == double.class
                ? Optional.of(get.asType(MethodType.methodType(double.class, Object.class)))
                : Optional.<MethodHandle>empty();
        var any = get.asType(MethodType.methodType(Object.class, Object.class));
        return new Part(component.getName(), any, figure, of(component.getGenericType()));
      } catch (IllegalAccessException e) {
        throw new IllegalArgumentException("no way to read " + component, e);
      }
    }

    @Override
    String shape() {
      return parts.stream()
          .map(part -> part.name + ":" + part.of.shape())
          .collect(Collectors.joining(",", type.getSimpleName() + "{", "}"));
    }

    @Override
    void put(List<?> values, Bytes.Out out) {
      for (var part : parts) {
        if (part.figure.isPresent()) figures(part.figure.get(), values, out);
        else part.of.write(values.stream().map(value -> get(part.get, value)).toList(), out);
      }
    }

    private static void figures(MethodHandle figure, List<?> values, Bytes.Out out) {
      try {
        for (var value : values) out.figure((double) figure.invokeExact(value));
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }

    private static Object get(MethodHandle get, Object value) {
      try {
        return (Object) get.invokeExact(value);
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    List<?> take(int count, Bytes.In in) {
      var columns = new ArrayList<List<?>>();
      for (var part : parts) {
        columns.add(part.figure.isPresent() ? part.of.take(count, in) : part.of.read(count, in));
      }
      var values = new ArrayList<Object>();
      for (var i = 0; i < count; i++) {
        var place = i;
        values.add(make(columns.stream().map(column -> column.get(place)).toArray()));
      }
      return values;
    }

    private Object make(Object[] components) {
      try {
        return (Object) make.invokeExact(components);
      } catch (Throwable e) {
        throw new ArithmeticException(type.getSimpleName() + " refuses what was read: " + e);
      }
    }
  }

  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

  private static final List<Plain> PLAIN =
      List.of(
          new Plain(Double.class, double.class, (v, out) -> out.figure(v), Bytes.In::figure),
          new Plain(Long.class, long.class, (v, out) -> out.number(v), Bytes.In::number),
          new Plain(Integer.class, int.class, (v, out) -> out.number(v), Bytes.In::size),
          new Plain(
              Boolean.class,
              boolean.class,
              (v, out) -> out.number(v ? 1 : 0),
              in -> in.number() == 1),
          new Plain(
              String.class,
              String.class,
              (v, out) -> {
                var bytes = v.getBytes(StandardCharsets.UTF_8);
                out.number(bytes.length);
                out.put(bytes);
              },
              in -> new String(in.take(in.size()), StandardCharsets.UTF_8)),
          new Plain(
              Instant.class,
              Instant.class,
              (v, out) -> {
                out.number(v.getEpochSecond());
                out.number(v.getNano());
              },
              in -> Instant.ofEpochSecond(in.number(), in.number())),
          new Plain(
              Duration.class,
              Duration.class,
              (v, out) -> {
                out.number(v.getSeconds());
                out.number(v.getNano());
              },
              in -> Duration.ofSeconds(in.number(), in.number())));

  /** How a value of many comes apart into columns of equal length, and together again. */
  private record Parts(
      Function<Object, List<Collection<?>>> apart,
      Function<List<Collection<?>>, Object> together) {}

  private static final Map<Class<?>, Parts> MANY =
      Map.of(
          List.class,
          new Parts(
              value -> List.of((List<?>) value),
              parts -> Collections.unmodifiableList(new ArrayList<>(parts.getFirst()))),
          Set.class,
          new Parts(
              value -> List.of((Set<?>) value), parts -> new LinkedHashSet<>(parts.getFirst())),
          Optional.class,
          new Parts(
              value -> List.of(((Optional<?>) value).stream().toList()),
              parts -> parts.getFirst().stream().findFirst()),
          Map.class,
          new Parts(
              value -> List.of(((Map<?, ?>) value).keySet(), ((Map<?, ?>) value).values()),
              parts -> {
                var map = new LinkedHashMap<Object, Object>();
                var values = parts.getLast().iterator();
                for (var key : parts.getFirst()) map.put(key, values.next());
                return map;
              }));
}
