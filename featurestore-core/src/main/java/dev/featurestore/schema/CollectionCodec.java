package dev.featurestore.schema;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The codec of a collection feature: an element codec and a shape. Reading gives unmodifiable collections; a set's
 * elements are written in the order of their text, so that equal sets have equal wire forms.
 *
 * @param <C> {@code List<E>} or {@code Set<E>}
 */
public final class CollectionCodec<C extends Collection<?>> implements FeatureCodec<C> {
    private static final long serialVersionUID = 1L;

    private final CollectionType collectionType;

    private final FeatureCodec<?> elements;

    private final int dimension;

    private CollectionCodec(CollectionType collectionType, FeatureCodec<?> elements, int dimension) {
        if (elements instanceof CollectionCodec) {
            throw new IllegalArgumentException("The elements of a collection feature are scalars, not collections");
        }
        this.collectionType = collectionType;
        this.elements = elements;
        this.dimension = dimension;
    }

    static <E> CollectionCodec<List<E>> list(FeatureCodec<E> elements) {
        return new CollectionCodec<>(CollectionType.LIST, elements, 0);
    }

    static <E> CollectionCodec<Set<E>> set(FeatureCodec<E> elements) {
        return new CollectionCodec<>(CollectionType.SET, elements, 0);
    }

    static CollectionCodec<List<Double>> vector(int dimension) {
        return new CollectionCodec<>(CollectionType.VECTOR, BuiltInCodecs.FRACTIONAL, dimension);
    }

    /** List, Set or Vector. */
    public CollectionType collectionType() {
        return collectionType;
    }

    /** The codec of one element. */
    public FeatureCodec<?> elements() {
        return elements;
    }

    /** The fixed number of elements of a vector; 0 for lists and sets. */
    public int dimension() {
        return dimension;
    }

    @Override
    public String name() {
        String suffix = collectionType == CollectionType.VECTOR ? "/" + dimension : "";
        return collectionType.wireName().toLowerCase(java.util.Locale.ROOT) + "<" + elements.name() + ">" + suffix;
    }

    @Override
    public Class<?> javaType() {
        return collectionType == CollectionType.SET ? Set.class : List.class;
    }

    @Override
    public FeatureType type() {
        return elements.type();
    }

    /** Not for collections: see {@link #encodeAll}. */
    @Override
    public String encode(C value) {
        throw new UnsupportedOperationException("A collection has one wire text an element: use encodeAll");
    }

    /** Not for collections: see {@link #decodeAll}. */
    @Override
    public C decode(String text) {
        throw new UnsupportedOperationException("A collection has one wire text an element: use decodeAll");
    }

    /** The wire texts of the elements; in the order of the list, or sorted for a set. */
    public List<String> encodeAll(C value) {
        List<String> texts = new ArrayList<>(value.size());
        for (Object element : value) {
            texts.add(encodeElement(elements, element));
        }
        requireDimension(texts.size());
        if (collectionType == CollectionType.SET) {
            Collections.sort(texts);
        }
        return Collections.unmodifiableList(texts);
    }

    /** The collection of these wire texts, unmodifiable. */
    @SuppressWarnings("unchecked") // C is List or Set by the factories
    public C decodeAll(List<String> texts) {
        requireDimension(texts.size());
        Collection<Object> decoded =
                collectionType == CollectionType.SET ? new LinkedHashSet<>() : new ArrayList<>(texts.size());
        for (String text : texts) {
            decoded.add(elements.decode(text));
        }
        return (C)
                (decoded instanceof Set<Object> set
                        ? Collections.unmodifiableSet(set)
                        : Collections.unmodifiableList((List<Object>) decoded));
    }

    @SuppressWarnings("unchecked") // checked by the cast to the codec's own Java type
    private static <E> String encodeElement(FeatureCodec<E> codec, Object element) {
        if (!codec.javaType().isInstance(element)) {
            throw new UnstorableValueException("expected elements of type "
                    + codec.javaType().getSimpleName() + ", got "
                    + (element == null ? "null" : element.getClass().getSimpleName()));
        }
        return codec.encode((E) element);
    }

    private void requireDimension(int size) {
        if (collectionType == CollectionType.VECTOR && size != dimension) {
            throw new UnstorableValueException("expected a vector of " + dimension + " elements, got " + size);
        }
    }
}
