from a import (b, # x )
 c)
