package enrich

import (
	"fmt"

	"google.golang.org/protobuf/reflect/protoreflect"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// signature is where an annotation of one field tells who made it.
type signature struct {
	// field is the field of Enrichment, name the one of its messages.
	field, name protoreflect.FieldDescriptor
}

// signatures finds the fields that an annotator fills; those that hold no messages
// have no place for a signature.
func signatures(fields []string) ([]signature, error) {
	all := (&datelinev1.Enrichment{}).ProtoReflect().Descriptor().Fields()
	var found []signature
	for _, name := range fields {
		field := all.ByName(protoreflect.Name(name))
		if field == nil {
			return nil, fmt.Errorf("an enrichment has no field %q", name)
		}
		if field.Message() == nil {
			continue
		}
		if by := field.Message().Fields().ByName("annotator"); by != nil {
			found = append(found, signature{field: field, name: by})
		}
	}
	return found, nil
}

// sign writes the annotator's name and version, such as "quote/2", into what it
// made. So a consumer can tell, of an annotation taken out of its event, by which
// rules it was made.
func (n *annotator) sign(out *datelinev1.Enrichment) {
	m, by := out.ProtoReflect(), protoreflect.ValueOfString(n.name+"/"+n.version)
	for _, s := range n.signatures {
		switch {
		case !m.Has(s.field):
		case s.field.IsList():
			list := m.Get(s.field).List()
			for i := range list.Len() {
				list.Get(i).Message().Set(s.name, by)
			}
		default:
			m.Get(s.field).Message().Set(s.name, by)
		}
	}
}
